// Before the first paint: a sign that scripts run, and the theme that was chosen last time.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("channelkit.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden, as it is for files in some browsers: then nothing is remembered.
  }
})();
