// Shows notes about an order, and leads to its page. Knows nothing else.
"use strict";

self.addEventListener("push", (event) => {
  if (!event.data) return;
  const note = event.data.json();
  event.waitUntil(self.registration.showNotification(note.title, {
    body: note.body,
    lang: note.lang,
    dir: note.dir,
    tag: note.tag,
    renotify: true,
    data: { url: note.url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
