// What a page must never do, whatever the journey: log an error, break the content policy, fail a request, leave the site.

/** Follows a browser context from its first page on. */
export class Watch {
  #site;
  #problems = [];
  #allowed = [];

  constructor(context, site) {
    this.#site = site;
    context.on("page", (page) => this.#follow(page));
    context.on("request", (request) => this.#stayHome(request));
    context.on("requestfailed", (request) => this.#failed(request));
    context.on("response", (response) => this.#answered(response));
  }

  /** Takes problems that match for granted: a journey that is meant to be refused says so. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** The problems so far, in order, each once. */
  problems() {
    const left = this.#problems.filter((problem) => !this.#allowed.some((pattern) => pattern.test(problem)));
    return [...new Set(left)];
  }

  #follow(page) {
    page.on("console", (message) => {
      if (message.type() !== "error" || isEchoOfAnswer(message)) return;
      this.#problems.push(`console: ${message.text()} (${message.location().url || page.url()})`);
    });
    page.on("pageerror", (error) => this.#problems.push(`script: ${error.stack ?? error}`));
  }

  #stayHome(request) {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== this.#site) {
      this.#problems.push(`left the site: ${request.method()} ${request.url()}`);
    }
  }

  #failed(request) {
    const why = request.failure()?.errorText;
    // The browser's own choice: a navigation became a download, or the page was left before all of it had come.
    if (why === "net::ERR_ABORTED") return;
    this.#problems.push(`request failed: ${request.method()} ${request.url()} ${why}`);
  }

  #answered(response) {
    if (response.status() < 400) return;
    this.#problems.push(`answer ${response.status()}: ${response.request().method()} ${response.url()}`);
  }
}

// The browser repeats every answer of 400 and above on the console; it is already noted with its method and status.
function isEchoOfAnswer(message) {
  return message.text().startsWith("Failed to load resource: the server responded with a status of");
}
