// A browser starts no worker from a page on disk, and the search runs in one. Here a hidden frame runs
// the same script. Pages that a server sends keep the browser's own workers.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.appendChild(frame);
      this.inside = frame.contentWindow;
      // what the script of a worker calls, and where its answers go
      this.inside.postMessage = undefined;
      const answer = (data) => this.receive(data);
      const listeners = [];
      this.deliver = (data) => listeners.forEach((listener) => listener({ data }));
      this.waiting = [];
      const scope = this.inside;
      scope.addEventListener = (kind, listener) => kind === "message" && listeners.push(listener);
      scope.postMessage = answer;
      scope.importScripts = (...scripts) =>
        scripts.reduce((before, script) => before.then(() => load(scope, script)), Promise.resolve());
      load(scope, address).then(() => {
        this.ready = true;
        this.waiting.splice(0).forEach((data) => this.deliver(data));
      });
    }

    postMessage(data) {
      if (this.ready) this.deliver(data);
      else this.waiting.push(data);
    }

    receive(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  };

  const load = (scope, address) =>
    new Promise((resolve, reject) => {
      const script = scope.document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      scope.document.body.appendChild(script);
    });
}
