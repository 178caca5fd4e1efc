// "Tell me in this browser": subscribes to web push. The page works without it.
(() => {
  "use strict";
  const box = document.querySelector("[data-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const say = (how) => { status.textContent = status.dataset[how]; };
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (char) => char.charCodeAt(0));
  };
  const tell = (subscription) => fetch(box.dataset.subscribe, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(subscription),
  });

  const subscribe = async () => {
    if ((await Notification.requestPermission()) !== "granted") return say("off");
    const { worker, scope, key } = box.dataset;
    await navigator.serviceWorker.register(worker, { scope });
    const ready = await navigator.serviceWorker.ready;
    const subscription = await ready.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(key),
    });
    const answer = await tell(subscription);
    say(answer.ok ? "on" : "off");
    button.hidden = answer.ok;
  };

  box.hidden = false;
  button.addEventListener("click", () => subscribe().catch(() => say("off")));
})();
