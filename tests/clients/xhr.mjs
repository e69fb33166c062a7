// As much of a browser's XMLHttpRequest as phoenix.js before 1.6 needs to poll; node has fetch only.

const COMPLETE = 4;

export class XMLHttpRequest {
  readyState = 0;
  responseText = "";
  timeout = 0;
  #abort = new AbortController();
  #headers = {};

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  abort() {
    this.#abort.abort();
  }

  async send(body) {
    const { method, url } = this;
    const timer = this.timeout && setTimeout(() => this.ontimeout?.(), this.timeout);
    try {
      const response = await fetch(url, { method, body, headers: this.#headers, signal: this.#abort.signal });
      this.responseText = await response.text();
      this.readyState = COMPLETE;
      this.onreadystatechange?.();
    } catch {
      if (!this.#abort.signal.aborted) this.onerror?.();
    } finally {
      clearTimeout(timer);
    }
  }
}
