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
  const tell = (subscription, method = "POST") => fetch(box.dataset.subscribe, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(subscription),
  });

  const has = async () => {
    const registration = await navigator.serviceWorker.getRegistration(box.dataset.scope);
    return registration?.pushManager.getSubscription();
  };
  const show = (label) => { button.querySelector("span").textContent = button.dataset[label]; };

  const unsubscribe = async (subscription) => {
    await tell(subscription, "DELETE");
    await subscription.unsubscribe();
    say("quiet");
    show("start");
  };

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
    if (answer.ok) show("stop");
  };

  const turn = async () => {
    const subscription = await has();
    await (subscription ? unsubscribe(subscription) : subscribe());
  };

  box.hidden = false;
  has().then((subscription) => subscription && show("stop"));
  button.addEventListener("click", () => turn().catch(() => say("off")));
})();
