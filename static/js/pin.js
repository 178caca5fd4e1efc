// "Use where I am now": the browser's position goes into the form's field. The form works without it.
(() => {
  "use strict";
  if (!navigator.geolocation) return;
  const show = () => document.querySelectorAll("[data-pin]").forEach((box) => { box.hidden = false; });
  const say = (box, how) => {
    const status = box.querySelector("[role=status]");
    status.textContent = status.dataset[how];
  };
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pin] button")?.closest("[data-pin]");
    if (!box) return;
    say(box, "busy");
    const found = ({ coords }) => {
      const field = box.closest("form").elements.place;
      field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
      say(box, "found");
    };
    const how = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };
    navigator.geolocation.getCurrentPosition(found, () => say(box, "off"), how);
  });
  document.addEventListener("page:swap", show);
  show();
})();
