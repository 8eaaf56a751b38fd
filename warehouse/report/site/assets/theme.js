// Light, dark, or as the system has it. Runs before the page is drawn, so that nothing flashes.
(function () {
  "use strict";
  const modes = ["automatic", "light", "dark"];
  let mode = "automatic";
  try { mode = localStorage.getItem("asymmetry-colours") || mode; } catch (error) { /* no storage */ }
  function apply() {
    if (mode === "automatic") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = mode;
    document.dispatchEvent(new Event("colours"));
  }
  apply();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const say = () => { button.textContent = "Colours: " + (mode === "automatic" ? "auto" : mode); };
    button.hidden = false;
    say();
    button.addEventListener("click", () => {
      mode = modes[(modes.indexOf(mode) + 1) % modes.length];
      try { localStorage.setItem("asymmetry-colours", mode); } catch (error) { /* no storage */ }
      apply();
      say();
    });
  });
})();
