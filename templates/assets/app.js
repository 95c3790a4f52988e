"use strict";
// Comfort over pages that are complete without it. Everything hangs on data attributes that the macros write.
(function () {
  const doc = document;
  const me = doc.currentScript;
  const powUrl = me && me.dataset.pow;
  const offline = (me && me.dataset.offline) || "";
  const all = (selector, root) => Array.from((root || doc).querySelectorAll(selector));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (_) { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (_) { /* private mode */ } },
    drop(key) { try { localStorage.removeItem(key); } catch (_) { /* private mode */ } },
    keys() { try { return Object.keys(localStorage); } catch (_) { return []; } },
  };
  const session = {
    get(key) { try { return sessionStorage.getItem(key); } catch (_) { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, value); } catch (_) { /* private mode */ } },
  };
  doc.documentElement.classList.add("js");

  // Where the reader is, for the form of preferences.
  all("[data-here]").forEach((field) => { field.value = location.pathname + location.search; });

  // Type size and colours change without leaving the page; the buttons say which one is chosen.
  const looks = all(".seg button");
  const chosen = () => {
    const words = getComputedStyle(doc.documentElement).getPropertyValue("--chosen").trim().split(" ");
    looks.forEach((button) => button.setAttribute("aria-pressed", String(words.includes(button.dataset.type || button.dataset.theme))));
  };
  chosen();
  looks.forEach((button) => button.addEventListener("click", (event) => {
    const kind = button.dataset.type ? "type" : "theme";
    event.preventDefault();
    fetch("/preferences", { method: "POST", body: new URLSearchParams({ [kind]: button.dataset[kind] }), redirect: "manual" }).then(() => {
      const old = doc.querySelector("link[href^='/prefs.css']");
      const sheet = old.cloneNode();
      sheet.href = "/prefs.css?" + Date.now();
      sheet.onload = () => { old.remove(); chosen(); };
      old.after(sheet);
    }).catch(() => {});
  }));

  // Open menus close on Escape and on a press elsewhere.
  const pops = all("details[data-pop]");
  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pops.forEach((pop) => {
      if (!pop.open) return;
      pop.open = false;
      if (pop.contains(doc.activeElement)) pop.querySelector("summary").focus();
    });
  });
  doc.addEventListener("click", (event) => {
    pops.forEach((pop) => { if (pop.open && !pop.contains(event.target)) pop.open = false; });
  });

  // The tools of the head keep the form that was written in last, where a page has several.
  doc.addEventListener("input", ({ target: { form } }) => {
    if (!form || !form.id || form.method !== "post") return;
    all("button[data-nopow][form]").forEach((tool) => {
      tool.setAttribute("form", form.id);
      tool.formAction = tool.formAction.replace(/form=[^&]*/, "form=" + form.id);
    });
  });

  // A refused form: the summary has the focus, its links reach the fields.
  const errors = doc.querySelector("[data-errors]");
  if (errors) {
    errors.focus();
    errors.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && doc.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!field) return;
      event.preventDefault();
      const holder = field.closest(".field") || field;
      holder.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  }

  // The ballot: the count is always visible; the ear hears it after a second of rest, at the limit, over it and back.
  all("form[data-ballot]").forEach((form) => {
    const count = form.querySelector("[data-count]");
    if (!count) return;
    const live = form.querySelector("[data-live]");
    const picked = form.querySelector("[data-picked]");
    const max = Number(count.dataset.max);
    let before = null;
    let timer = 0;
    const boxes = () => all("input[type=checkbox][data-option], .choice input[type=checkbox]", form);
    const update = () => {
      const chosen = boxes().filter((box) => box.checked);
      const n = chosen.length;
      const text = fill(n > max ? count.dataset.over : n === 0 && count.dataset.under ? count.dataset.under : count.dataset.text,
        { n, max, over: n - max });
      count.textContent = text;
      count.classList.toggle("over", n > max);
      if (picked) {
        picked.textContent = "";
        chosen.slice(0, max + 1).forEach((box) => {
          const item = doc.createElement("li");
          const label = box.closest(".choice").querySelector("span");
          item.textContent = (box.dataset.short || label.firstChild.textContent).trim();
          picked.appendChild(item);
        });
      }
      clearTimeout(timer);
      if (live && before !== null && (n >= max || before > max)) timer = setTimeout(() => { live.textContent = text; }, 1000);
      before = n;
    };
    form.addEventListener("change", update);
    window.addEventListener("pageshow", update);
    update();
  });

  // Search inside a list. Words in Han match anywhere, Latin ones at the start of a word. Ticked rows never hide.
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  all("input[data-filter]").forEach((box) => {
    const target = doc.getElementById(box.dataset.filter);
    if (!target) return;
    const status = doc.getElementById(box.getAttribute("aria-describedby"));
    const rows = all("[data-search]", target).map((row) => ({
      row, words: " " + plain(row.dataset.search + " " + row.textContent), input: row.querySelector("input"),
    }));
    const groups = all(".region", target);
    const homes = rows.map((item) => item.row.parentNode);
    const ahead = (list, is) => list.filter(is).concat(list.filter((one) => !is(one)));
    const hit = (words, term) => words.includes(/^[\x21-\x7e]+$/.test(term) ? " " + term : term);
    let timer = 0;
    const run = () => {
      const query = box.value.trim();
      const terms = plain(query).split(/\s+/).filter(Boolean);
      const match = rows.map((item) => terms.every((term) => hit(item.words, term)));
      const none = terms.length > 0 && !match.includes(true);
      const every = none && "all" in box.dataset;
      let hidden = 0;
      rows.forEach((item, i) => {
        const show = every || match[i] || (item.input && item.input.checked);
        item.row.hidden = !show;
        if (!show) hidden++;
      });
      groups.forEach((group) => { group.hidden = !group.querySelector("[data-search]:not([hidden])"); });
      // Hits stand before rows that are shown only because they are ticked.
      const hits = new Set(terms.length ? rows.filter((item, i) => match[i]).map((item) => item.row) : []);
      ahead(rows.map((item, i) => i), (i) => hits.has(rows[i].row)).forEach((i) => homes[i].appendChild(rows[i].row));
      ahead(groups, (group) => all("[data-search]", group).some((row) => hits.has(row))).forEach((group) => group.parentNode.appendChild(group));
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (status) status.textContent = none ? fill(box.dataset.none, { q: query }) : hidden ? fill(box.dataset.status, { n: hidden }) : "";
      }, 300);
    };
    box.addEventListener("input", run);
    // More words for the rows, by the value of their field. Without a network the words of the page have to do. Rows are not moved
    // once the reader has gone on to them.
    const more = target.dataset.words;
    if (more) box.addEventListener("focus", () => {
      fetch(more).then((answer) => answer.json()).then((words) => {
        rows.forEach((item) => { item.words += " " + plain(words[item.input.value] || ""); });
        if (doc.activeElement === box) run();
      }).catch(() => {});
    }, { once: true });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        const first = target.querySelector("[data-search]:not([hidden]) input");
        event.preventDefault();
        if (first) first.focus();
      }
      if (event.key === "Escape" && box.value) { box.value = ""; run(); }
    });
  });

  // The place stays on this device, until the reader says forget.
  all("form[data-remember]").forEach((form) => {
    const key = "shudu." + form.dataset.remember;
    const recent = form.querySelector("[data-recent]");
    const radios = all("input[type=radio]", form);
    const kept = store.get(key);
    const match = kept && radios.find((radio) => radio.value === kept.value);
    if (match && !radios.some((radio) => radio.checked)) match.checked = true;
    if (match && recent) {
      const text = recent.querySelector("[data-recent-text]");
      if (text) text.textContent = kept.text;
      recent.hidden = false;
      all("[data-recent-not]", form).forEach((other) => { other.hidden = true; });
    }
    const name = (radio) => radio.closest(".choice").querySelector("span").firstChild.textContent.trim();
    const bar = form.querySelector("[data-chosen-place]");
    const none = bar && bar.textContent;
    const tell = () => {
      const radio = radios.find((one) => one.checked);
      if (bar) bar.textContent = radio ? fill(bar.dataset.chosenPlace, { q: name(radio) }) : none;
    };
    form.addEventListener("change", tell);
    window.addEventListener("pageshow", tell);
    tell();
    form.addEventListener("submit", () => {
      const radio = radios.find((one) => one.checked);
      if (radio) store.set(key, { value: radio.value, text: name(radio) });
    });
    all("[data-forget]", form).forEach((button) => button.addEventListener("click", () => {
      store.drop(key);
      radios.forEach((radio) => { radio.checked = false; });
      tell();
      if (recent) recent.hidden = true;
      all("[data-recent-not]", form).forEach((other) => { other.hidden = false; });
      const first = form.querySelector("input[data-filter]") || radios[0];
      if (first) first.focus();
    }));
  });

  // The place that this device remembers, in words and as a link.
  const place = store.get("shudu.place");
  const here = new URLSearchParams(location.search).get("my-place");
  if (place && (!here || here === place.value)) {
    all("[data-my-place]").forEach((node) => {
      node.textContent = fill(node.dataset.myPlace, { q: place.text });
      if (node.dataset.path) { node.href = node.dataset.path + place.value; node.parentNode.hidden = false; }
    });
  }

  // A ballot was cast from this device today: the mark holds the day and nothing else, and never leaves the device. The receipt that
  // answers a cast sets the mark; marks of earlier days go on every page.
  const today = new Date().toDateString();
  const voted = "shudu.voted.";
  const castKey = "shudu.cast";
  const justCast = session.get(castKey);
  if (justCast) {
    session.set(castKey, "");
    if (location.pathname.startsWith("/receipts/")) store.set(voted + justCast, today);
  }
  store.keys().forEach((key) => { if (key.startsWith(voted) && store.get(key) !== today) store.drop(key); });
  all("[data-voted]").forEach((text) => { text.hidden = store.get(voted + text.dataset.voted) !== today; });

  // Proof of work: begun when the page opens, ready long before the last press.
  const work = (form) => {
    const field = (name) => form.elements.namedItem(name);
    const slug = form.dataset.pow;
    let until = Infinity;
    const ask = () => {
      return fetch("/api/v1/campaigns/" + encodeURIComponent(slug) + "/challenges", { method: "POST", headers: { Accept: "application/json" } })
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          const sent = Date.parse(answer.headers.get("Date"));
          return answer.json().then((body) => {
            const ends = typeof body.expires === "number" ? body.expires * (body.expires < 1e12 ? 1000 : 1) : Date.parse(body.expires);
            if (sent && ends > sent) until = performance.now() + (ends - sent) * .9;
            return body;
          });
        });
    };
    const solve = (task) => new Promise((done, fail) => {
      const worker = new Worker(powUrl);
      worker.onmessage = (event) => {
        worker.terminate();
        if (event.data.nonce === undefined) fail(new Error(event.data.error));
        else done({ challenge: task.challenge, nonce: event.data.nonce });
      };
      worker.onerror = (event) => { worker.terminate(); fail(new Error(event.message)); };
      worker.postMessage(task);
    });
    const start = () => ask().then(solve).then((found) => {
      field("challenge").value = found.challenge;
      field("nonce").value = found.nonce;
    });
    let running = field("nonce").value ? Promise.resolve() : start();
    running.catch(() => {});
    return () => {
      if (performance.now() > until) { until = Infinity; field("nonce").value = ""; running = start(); running.catch(() => {}); }
      return field("nonce").value ? null : running;
    };
  };
  const works = new Map();
  // Browsers have WebCrypto over HTTPS and on this machine only; without it the ballot goes the way of browsers without script.
  const worksHere = powUrl && window.Worker && window.fetch && window.crypto && crypto.subtle;
  if (!worksHere) all("[data-no-work]").forEach((text) => { text.hidden = false; });
  else {
    all("form[data-pow]").forEach((form) => {
      if (form.elements.namedItem("nonce") && form.elements.namedItem("challenge")) works.set(form, work(form));
    });
  }

  // Busy buttons: the second press does nothing, the focus stays, the word says why.
  const labels = new Map();
  const busy = (pressed) => {
    // The Enter key presses an unseen button in place of the main one.
    const button = pressed && pressed.hasAttribute("aria-hidden")
      ? pressed.form.querySelector(".btn[type=submit][value='" + pressed.value + "']") || pressed.form.querySelector(".btn[type=submit]") : pressed;
    if (!button || labels.has(button)) return;
    button.dataset.label = "";
    labels.set(button, Array.from(button.childNodes));
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  };
  const idle = () => {
    labels.forEach((label, button) => {
      button.replaceChildren(...label);
      delete button.dataset.label;
      button.removeAttribute("aria-disabled");
    });
    labels.clear();
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  };
  // Without a network the page stays, with everything on it.
  const sayOffline = (form, button) => {
    let note = form.querySelector("[data-offline]");
    if (!note) {
      note = doc.createElement("p");
      note.className = "bad";
      note.setAttribute("role", "alert");
      note.dataset.offline = offline;
      if (button && form.contains(button)) button.after(note); else form.prepend(note);
    }
    note.textContent = note.dataset.offline;
  };
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (navigator.onLine === false) {
      event.preventDefault();
      sayOffline(form, event.submitter);
      return;
    }
    if (form.method !== "post" || "nobusy" in form.dataset) return;
    if (form.dataset.sent === "yes") { event.preventDefault(); return; }
    const button = event.submitter || form.querySelector("button[type=submit]");
    if (button && "nopow" in button.dataset) return;
    const note = form.querySelector("[data-offline]");
    const wait = works.has(form) ? works.get(form)() : null;
    const casts = note && window.fetch && (button && button.value) === "cast";
    form.dataset.sent = "yes";
    busy(button);
    if (!wait && !casts) return;
    event.preventDefault();
    const send = () => {
      if (button && button.name) {
        const extra = doc.createElement("input");
        extra.type = "hidden";
        extra.name = button.name;
        extra.value = button.value;
        form.appendChild(extra);
      }
      if (button && button.hasAttribute("formaction")) form.action = button.formAction;
      HTMLFormElement.prototype.submit.call(form);
    };
    // A browser may believe in a network that leads nowhere, so casting tries the network first. The ballot itself is sent once.
    const cast = () => {
      fetch("/healthz", { method: "HEAD", cache: "no-store" }).then(() => {
        session.set(castKey, form.dataset.cast);
        send();
      }, () => { idle(); sayOffline(form, button); });
    };
    if (note) note.textContent = "";
    const go = casts ? cast : send;
    if (wait) wait.then(go, go); else go();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) idle(); });
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("button[aria-disabled=true]");
    if (button) event.preventDefault();
  }, true);

  // Filters send themselves; the focus comes back to the same field.
  const focusKey = "shudu.focus." + location.pathname;
  all("form[data-auto]").forEach((form) => {
    let timer = 0;
    form.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (doc.activeElement && doc.activeElement.id) session.set(focusKey, doc.activeElement.id);
        if (form.requestSubmit) form.requestSubmit(); else form.submit();
      }, 400);
    });
  });
  const back = session.get(focusKey);
  if (back) {
    session.set(focusKey, "");
    const field = doc.getElementById(back);
    if (field) field.focus({ preventScroll: true });
  }

  // Copy: data-copy holds the id of the element, a text in data-text, or "here" for the address.
  all("[data-copy]").forEach((button) => {
    const say = doc.createElement("span");
    say.className = "vh";
    say.setAttribute("role", "status");
    button.after(say);
    const label = button.textContent;
    button.addEventListener("click", () => {
      const source = doc.getElementById(button.dataset.copy);
      const text = button.dataset.text || (source ? source.textContent.trim() : location.href);
      const done = () => {
        button.textContent = say.textContent = button.dataset.done || label;
        setTimeout(() => { button.textContent = label; say.textContent = ""; }, 4000);
      };
      const select = () => {
        if (!source) return;
        const range = doc.createRange();
        range.selectNodeContents(source);
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        if (doc.execCommand("copy")) done();
      };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, select); else select();
    });
  });
  all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));

  // A session that ends by itself says so two minutes before, and goes on where its reader is still there.
  all("[data-ends]").forEach((notice) => {
    const say = notice.querySelector("p");
    const button = notice.querySelector("[data-go-on]");
    const early = 120;
    let end = 0;
    let timer = 0;
    let asked = false;
    const show = () => {
      const left = Math.round((end - Date.now()) / 1000);
      clearTimeout(timer);
      notice.hidden = left > early;
      if (left > early) { timer = setTimeout(show, Math.min(left - early, 3600) * 1000); return; }
      const sentence = left <= 0 ? say.dataset.over : asked ? say.dataset.last : say.dataset.soon;
      if (say.textContent !== sentence) say.textContent = sentence;
      button.hidden = asked || left <= 0;
      if (left > 0) timer = setTimeout(show, left * 1000 + 500);
    };
    const until = (seconds) => { end = Date.now() + seconds * 1000; show(); };
    button.addEventListener("click", () => {
      fetch("/api/v1/sessions/current", { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { ends_in: 0 }))
        .then((body) => { asked = body.ends_in <= early; until(body.ends_in); asked = false; })
        .catch(() => {});
    });
    // A page that slept, or another page of the same session that went on: look again.
    doc.addEventListener("visibilitychange", () => { if (!doc.hidden) show(); });
    until(Number(notice.dataset.ends));
  });

  // Passkeys: the browser is asked, and its answer goes with the form.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const asked = (keys) => keys.map((key) => Object.assign({}, key, { id: bytes(key.id) }));
  const answered = (found) => {
    const response = {};
    ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (found.response[name]) response[name] = letters(found.response[name]);
    });
    if (found.response.getTransports) response.transports = found.response.getTransports();
    return JSON.stringify({ id: found.id, rawId: letters(found.rawId), type: found.type, response, extensions: {} });
  };
  all("form[data-passkey]").forEach((form) => {
    const press = form.querySelector("[data-passkey-press]");
    if (!press) return;
    const box = form.closest("[data-passkey-box]") || form.querySelector("[data-passkey-box]");
    if (!window.PublicKeyCredential || !navigator.credentials) { box.hidden = true; return; }
    const failed = form.querySelector("[data-passkey-failed]");
    const field = form.querySelector("input[name$=credential]");
    press.addEventListener("click", () => {
      if (labels.has(press)) return;
      failed.hidden = true;
      busy(press);
      fetch(form.dataset.ask, { method: "POST", headers: { Accept: "application/json" } })
        .then((answer) => {
          if (answer.status === 403) { location.reload(); return new Promise(() => {}); } // a proof is asked for first, by the page itself
          if (!answer.ok) throw new Error(String(answer.status)); return answer.json();
        })
        .then(({ publicKey }) => {
          publicKey.challenge = bytes(publicKey.challenge);
          if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
          if (publicKey.excludeCredentials) publicKey.excludeCredentials = asked(publicKey.excludeCredentials);
          if (publicKey.allowCredentials) publicKey.allowCredentials = asked(publicKey.allowCredentials);
          return navigator.credentials[form.dataset.passkey]({ publicKey });
        })
        .then((found) => { field.value = answered(found); HTMLFormElement.prototype.submit.call(form); })
        .catch(() => { idle(); failed.hidden = false; press.focus(); });
    });
  });

  // A box that ticks the others of its form.
  all("input[data-tick-all]").forEach((master) => master.addEventListener("change", () => {
    all("input[type=checkbox][name='" + master.dataset.tickAll + "']", master.form || doc).forEach((box) => { box.checked = master.checked; });
  }));

  // The matrix: one stop for Tab, arrows inside; the table stays a table.
  all("table[data-matrix]").forEach((table) => {
    const key = "shudu.matrix." + location.pathname;
    const grid = Array.from(table.tBodies).flatMap((body) => Array.from(body.rows))
      .map((row) => all("th a, td a", row)).filter((row) => row.length);
    const links = grid.flat();
    if (!links.length) return;
    const say = table.closest(".mx-box") && table.closest(".mx-box").querySelector("[data-say]");
    links.forEach((link) => { link.tabIndex = -1; });
    const kept = session.get(key);
    let current = (kept && links.find((link) => link.getAttribute("href") === kept)) || table.querySelector("a[data-late]") || grid[0][1] || grid[0][0];
    current.tabIndex = 0;
    const tell = (link) => {
      if (!say) return;
      const head = link.closest("tr").querySelector("th a");
      say.textContent = link === head || !head ? link.textContent.trim() : head.textContent.trim() + "  ·  " + link.textContent.trim();
    };
    const move = (link) => {
      if (!link) return;
      current.tabIndex = -1;
      current = link;
      current.tabIndex = 0;
    };
    table.addEventListener("focusin", (event) => {
      const link = event.target.closest("a");
      if (link && links.includes(link)) { move(link); session.set(key, link.getAttribute("href")); tell(link); }
    });
    table.addEventListener("mouseover", (event) => {
      const link = event.target.closest("tbody a");
      if (link) tell(link);
    });
    table.addEventListener("keydown", (event) => {
      const link = event.target.closest("a");
      const y = grid.findIndex((row) => row.includes(link));
      if (y < 0 || event.altKey || event.metaKey) return;
      const x = grid[y].indexOf(link);
      const far = event.ctrlKey;
      let ny = y, nx = x;
      switch (event.key) {
        case "ArrowUp": ny = y - 1; break;
        case "ArrowDown": ny = y + 1; break;
        case "ArrowLeft": nx = x - 1; break;
        case "ArrowRight": nx = x + 1; break;
        case "Home": nx = 0; if (far) ny = 0; break;
        case "End": nx = Infinity; if (far) ny = grid.length - 1; break;
        case "PageUp": ny = y - 5; break;
        case "PageDown": ny = y + 5; break;
        case "Escape": {
          const after = doc.getElementById(table.dataset.after);
          if (!after) return;
          if (after.tabIndex < 0 && !after.hasAttribute("tabindex")) after.tabIndex = -1;
          after.focus();
          event.preventDefault();
          return;
        }
        default: return;
      }
      event.preventDefault();
      ny = Math.max(0, Math.min(grid.length - 1, ny));
      nx = Math.max(0, Math.min(grid[ny].length - 1, nx));
      grid[ny][nx].focus();
    });
  });
})();
