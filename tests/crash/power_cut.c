/* A disk that keeps only what was synced. Loaded into the server (LD_PRELOAD), it sees every call that changes a file below
 * the data directory and keeps, beside it, what would be there after a power cut: the bytes of a file as they were synced,
 * the names in a folder as the folder was synced. Mapped memory is not seen (SQLite maps nothing but its -shm files).
 *
 *   SHIM_DATA      the data directory, absolute
 *   SHIM_DISK      where the disk is kept (tests/crash/disk.rs reads it): inodes/N, dirs/N, pins/; without it nothing is kept
 *   SHIM_LIE       "all": no sync does anything; "wal": those of SQLite's write-ahead logs do nothing
 *   SHIM_EARLY     percentage of changes that reach the disk by themselves, before any sync
 *   SHIM_SEED      of the dice for that
 *   SHIM_DELAY_MS  how long a sync takes, while there is a file named SHIM_SLOW
 *   SHIM_STEPS     a file that gets a line for every step: a change to the files of the log, or to a write-ahead log
 *   SHIM_DIE_AT    the process is killed just before the step of this number
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FDS 65536
#define BUCKETS 4096

struct opened { ino_t ino; char is_folder, is_wal, is_step; };
struct range { off_t from, to; };
/* What was done to a file since its last sync. */
struct unsynced { ino_t ino; off_t cut; struct range *ranges; size_t count, room; struct unsynced *next; };

static struct opened fds[FDS];
static struct unsynced *files[BUCKETS];
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static char data[PATH_MAX], disk[PATH_MAX], slow[PATH_MAX];
static size_t data_length;
static int lie_all, lie_wal, early, delay, steps_fd = -1;
static long step_count, die_at;

/* --- Our own calls, past the ones below --------------------------------------------------------------------------------- */

static int sys_open(const char *path, int flags, int mode) { return syscall(SYS_openat, AT_FDCWD, path, flags, mode); }
static int sys_close(int fd) { return syscall(SYS_close, fd); }

static void put(int fd, const void *bytes, size_t length, off_t at) {
  while (length > 0) {
    ssize_t n = syscall(SYS_pwrite64, fd, bytes, length, at);
    if (n <= 0) abort();
    bytes = (const char *)bytes + n; length -= n; at += n;
  }
}

static int number(const char *name) { const char *value = getenv(name); return value ? atoi(value) : 0; }

__attribute__((constructor)) static void begin(void) {
  const char *value = getenv("SHIM_DATA");
  if (!value) return;
  snprintf(data, sizeof data, "%s", value);
  data_length = strlen(data);
  if ((value = getenv("SHIM_DISK"))) snprintf(disk, sizeof disk, "%s", value);
  if ((value = getenv("SHIM_SLOW"))) snprintf(slow, sizeof slow, "%s", value);
  if ((value = getenv("SHIM_LIE"))) { lie_all = !strcmp(value, "all"); lie_wal = !strcmp(value, "wal"); }
  early = number("SHIM_EARLY"); delay = number("SHIM_DELAY_MS"); die_at = number("SHIM_DIE_AT");
  srand(number("SHIM_SEED"));
  if ((value = getenv("SHIM_STEPS"))) steps_fd = sys_open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* --- Which files ------------------------------------------------------------------------------------------------------- */

static int is_below(const char *path) {
  return data_length && !strncmp(path, data, data_length) && (path[data_length] == '/' || !path[data_length]);
}

static int ends(const char *path, const char *end) {
  size_t a = strlen(path), b = strlen(end);
  return a >= b && !strcmp(path + a - b, end);
}

static int is_step(const char *path) {
  const char *rest = path + data_length;
  return !strncmp(rest, "/log/", 5) || !strncmp(rest, "/held/", 6) || !strncmp(rest, "/staging/", 9) || ends(path, "-wal");
}

/* The path of a name in an opened folder. */
static const char *full(int folder, const char *path, char *room) {
  char link[64];
  if (path[0] == '/' || folder == AT_FDCWD) return path;
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  ssize_t n = syscall(SYS_readlink, link, room, PATH_MAX - 1);
  if (n < 0) return path;
  snprintf(room + n, PATH_MAX - n, "/%s", path);
  return room;
}

static struct opened *opened(int fd) { return fd >= 0 && fd < FDS && fds[fd].ino ? &fds[fd] : NULL; }

static void step(const char *what, const char *path) {
  if (!is_step(path)) return;
  pthread_mutex_lock(&one);
  step_count++;
  if (die_at && step_count == die_at) { kill(getpid(), SIGKILL); for (;;) pause(); }
  if (steps_fd >= 0) dprintf(steps_fd, "%ld %s %s\n", step_count, what, path + data_length);
  pthread_mutex_unlock(&one);
}

static void step_fd(const char *what, int fd) {
  char link[64], path[PATH_MAX];
  if (!fds[fd].is_step) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (n > 0) { path[n] = 0; step(what, path); }
}

/* --- What is on the disk. All of it under `one`. ------------------------------------------------------------------------- */

static struct unsynced *since_sync(ino_t ino) {
  struct unsynced **at = &files[ino % BUCKETS];
  while (*at && (*at)->ino != ino) at = &(*at)->next;
  if (!*at) { *at = calloc(1, sizeof **at); (*at)->ino = ino; (*at)->cut = -1; }
  return *at;
}

static int content(ino_t ino) {
  char path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/inodes/%lu", disk, (unsigned long)ino);
  int fd = sys_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) abort();
  return fd;
}

/* A descriptor that can be read. SQLite's own is used for its files: closing another would drop its locks. */
static int readable(int fd) {
  char link[64];
  if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY) return fd;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return sys_open(link, O_RDONLY | O_CLOEXEC, 0);
}

static void keep_file(int fd, ino_t ino) {
  struct unsynced *file = since_sync(ino);
  struct stat now;
  char bytes[65536];
  int from = readable(fd), to = content(ino);
  if (file->cut >= 0 && ftruncate(to, file->cut)) abort();
  for (size_t n = 0; n < file->count; n++)
    for (off_t at = file->ranges[n].from; at < file->ranges[n].to;) {
      size_t want = file->ranges[n].to - at < (off_t)sizeof bytes ? file->ranges[n].to - at : (off_t)sizeof bytes;
      ssize_t got = syscall(SYS_pread64, from, bytes, want, at);
      if (got <= 0) break;
      put(to, bytes, got, at);
      at += got;
    }
  if (fstat(fd, &now) || syscall(SYS_ftruncate, to, now.st_size)) abort();
  file->cut = -1; file->count = 0;
  sys_close(to);
  if (from != fd) sys_close(from);
}

static void keep_folder(int fd, ino_t ino) {
  char link[64], path[PATH_MAX + 32], beside[PATH_MAX + 40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  snprintf(path, sizeof path, "%s/dirs/%lu", disk, (unsigned long)ino);
  snprintf(beside, sizeof beside, "%s.new", path);
  DIR *folder = opendir(link);
  if (!folder) return;
  int out = sys_open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  for (struct dirent *entry; (entry = readdir(folder));)
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
      dprintf(out, "%lu %c %s\n", (unsigned long)entry->d_ino, entry->d_type == DT_DIR ? 'd' : 'f', entry->d_name);
  sys_close(out);
  closedir(folder);
  syscall(SYS_rename, beside, path);
}

static void changed(int fd, off_t from, off_t to) {
  struct unsynced *file = since_sync(fds[fd].ino);
  struct range *last = file->count ? &file->ranges[file->count - 1] : NULL;
  if (last && last->to == from) last->to = to;
  else {
    if (file->count == file->room) file->ranges = realloc(file->ranges, (file->room = file->room * 2 + 16) * sizeof *file->ranges);
    file->ranges[file->count++] = (struct range){from, to};
  }
}

static int by_itself(void) { return early && rand() % 100 < early; }

/* A number of an inode is not given to another file while the disk still knows it. */
static void pin(const char *path) {
  char to[PATH_MAX + 64];
  struct stat now;
  if (syscall(SYS_newfstatat, AT_FDCWD, path, &now, AT_SYMLINK_NOFOLLOW)) return;
  if (S_ISDIR(now.st_mode)) { sys_open(path, O_PATH | O_CLOEXEC, 0); return; }
  snprintf(to, sizeof to, "%s/pins/%lu", disk, (unsigned long)now.st_ino);
  syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, to, 0);
}

static void keep_folder_of(const char *path) {
  char folder[PATH_MAX];
  struct stat now;
  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = 0;
  int fd = sys_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0) { if (!fstat(fd, &now)) keep_folder(fd, now.st_ino); sys_close(fd); }
}

/* The folders of a change may reach the disk by themselves. Both of them or neither: the journal of a file system holds a
 * rename whole. */
static void folders_by_themselves(const char *to, const char *from) {
  pthread_mutex_lock(&one);
  if (*disk && by_itself()) {
    keep_folder_of(to);
    if (from) keep_folder_of(from);
  }
  pthread_mutex_unlock(&one);
}
static void folder_by_itself(const char *path) { folders_by_themselves(path, NULL); }

/* --- Calls that change files --------------------------------------------------------------------------------------------- */

static int open_at(int folder, const char *path, int flags, int mode) {
  char room[PATH_MAX];
  const char *whole = full(folder, path, room);
  struct stat now;
  int ours = is_below(whole) && !ends(whole, "-shm"), made = 0;
  if (ours && flags & (O_CREAT | O_TRUNC)) {
    made = flags & O_CREAT && access(whole, F_OK);
    step("open", whole);
  }
  int fd = syscall(SYS_openat, folder, path, flags, mode);
  if (fd < 0 || fd >= FDS) return fd;
  memset(&fds[fd], 0, sizeof fds[fd]);
  if (!ours || fstat(fd, &now)) return fd;
  fds[fd] = (struct opened){now.st_ino, S_ISDIR(now.st_mode), ends(whole, "-wal"), is_step(whole)};
  if (*disk && flags & O_TRUNC) { pthread_mutex_lock(&one); since_sync(now.st_ino)->cut = 0; since_sync(now.st_ino)->count = 0; pthread_mutex_unlock(&one); }
  if (made) folder_by_itself(whole);
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
    return open_at(AT_FDCWD, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
    return open_at(folder, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  if (fd >= 0 && fd < FDS) fds[fd].ino = 0;
  return syscall(SYS_close, fd);
}

int closedir(DIR *folder) {
  static int (*real)(DIR *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "closedir");
  int fd = dirfd(folder);
  if (fd >= 0 && fd < FDS) fds[fd].ino = 0;
  return real(folder);
}

static void wrote(int fd, const void *bytes, ssize_t n, off_t at) {
  if (n <= 0 || !*disk) return;
  pthread_mutex_lock(&one);
  changed(fd, at, at + n);
  if (by_itself()) { int to = content(fds[fd].ino); put(to, bytes, n, at); sys_close(to); }
  pthread_mutex_unlock(&one);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!opened(fd)) return syscall(SYS_write, fd, bytes, length);
  step_fd("write", fd);
  ssize_t n = syscall(SYS_write, fd, bytes, length);
  if (n > 0) wrote(fd, bytes, n, syscall(SYS_lseek, fd, 0, SEEK_CUR) - n);
  return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
  if (!opened(fd)) return syscall(SYS_pwrite64, fd, bytes, length, at);
  step_fd("write", fd);
  ssize_t n = syscall(SYS_pwrite64, fd, bytes, length, at);
  wrote(fd, bytes, n, at);
  return n;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!opened(fd)) return syscall(SYS_writev, fd, parts, count);
  ssize_t sum = 0;
  for (int n = 0; n < count; n++) {
    ssize_t done = write(fd, parts[n].iov_base, parts[n].iov_len);
    if (done < 0) return sum ? sum : done;
    sum += done;
  }
  return sum;
}

int ftruncate64(int fd, off_t length) {
  if (!opened(fd)) return syscall(SYS_ftruncate, fd, length);
  step_fd("truncate", fd);
  int status = syscall(SYS_ftruncate, fd, length);
  if (!status && *disk) {
    pthread_mutex_lock(&one);
    struct unsynced *file = since_sync(fds[fd].ino);
    if (file->cut < 0 || length < file->cut) file->cut = length;
    pthread_mutex_unlock(&one);
  }
  return status;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) {
  struct opened *file = opened(fd);
  if (!file) return syscall(SYS_fsync, fd);
  step_fd("sync", fd);
  if (*slow && !access(slow, F_OK)) nanosleep(&(struct timespec){delay / 1000, delay % 1000 * 1000000L}, NULL);
  if (!*disk || lie_all || (lie_wal && file->is_wal)) return 0;
  pthread_mutex_lock(&one);
  if (file->is_folder) keep_folder(fd, file->ino); else keep_file(fd, file->ino);
  pthread_mutex_unlock(&one);
  return 0;
}
int fdatasync(int fd) { return fsync(fd); }

int rename(const char *from, const char *to) {
  if (!is_below(from)) return syscall(SYS_rename, from, to);
  step("rename", to);
  if (*disk) pin(to);
  int status = syscall(SYS_rename, from, to);
  if (!status) folders_by_themselves(to, from);
  return status;
}

static int gone(int folder, const char *path, int flags) {
  char room[PATH_MAX];
  const char *whole = full(folder, path, room);
  if (!is_below(whole)) return syscall(SYS_unlinkat, folder, path, flags);
  step("remove", whole);
  if (*disk) pin(whole);
  int status = syscall(SYS_unlinkat, folder, path, flags);
  if (!status) folder_by_itself(whole);
  return status;
}
int unlink(const char *path) { return gone(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return gone(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int folder, const char *path, int flags) { return gone(folder, path, flags); }

int mkdir(const char *path, mode_t mode) {
  if (is_below(path)) step("mkdir", path);
  int status = syscall(SYS_mkdir, path, mode);
  if (!status && is_below(path)) folder_by_itself(path);
  return status;
}
