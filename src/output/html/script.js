"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const by = (id) => document.getElementById(id);

  // Storage may be forbidden, as it is in a sandboxed frame.
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("credlint-theme");
      localStorage.setItem("credlint-theme", value);
    } catch { /* The choice holds for this view. */ }
    return null;
  };
  const themes = ["system", "light", "dark"];
  let theme = themes.includes(stored()) ? stored() : "system";
  const paint = () => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = by("theme");
    if (button) button.textContent = `Theme: ${theme}`;
  };
  paint();

  const say = (text) => { by("said").textContent = text; };

  async function copy(button) {
    const code = button.parentElement.querySelector("code");
    const text = code.textContent.replace(/\n$/, "");
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without the right to the clipboard the command is selected, for the reader to copy.
      getSelection().selectAllChildren(code);
      done = false;
    }
    say(done ? "Copied" : "Selected: copy it with the keyboard");
    button.textContent = done ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  function filters() {
    const form = by("filters");
    const home = by("groups");
    const number = new Intl.NumberFormat("en");
    const sections = [...home.children];
    const findings = [...home.querySelectorAll(".finding")].map((element) => ({
      element,
      home: element.parentElement,
      rule: element.dataset.rule,
      module: element.dataset.module,
      level: element.dataset.level,
      suppressed: element.classList.contains("suppressed"),
      text: null,
    }));
    const textOf = (finding) => (finding.text ??= finding.element.textContent.toLowerCase());
    let shownSections = sections;

    for (const key of ["rule", "module"]) {
      const values = [...new Set(findings.map((finding) => finding[key]))].sort();
      by(key).append(...values.map((value) => new Option(value, value)));
    }

    function apply() {
      const words = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
      const levels = new Set([...form.querySelectorAll("[type=checkbox][name]:checked")].map((box) => box.name));
      const [rule, module, suppressed] = [by("rule").value, by("module").value, by("suppressed").checked];
      let shown = 0;
      const inSection = new Map();
      for (const finding of findings) {
        const fits = levels.has(finding.level) && (suppressed || !finding.suppressed)
          && (!rule || finding.rule === rule) && (!module || finding.module === module)
          && words.every((word) => textOf(finding).includes(word));
        if (finding.element.hidden === fits) finding.element.hidden = !fits;
        const section = finding.element.parentElement;
        const counts = inSection.get(section) ?? [0, 0];
        inSection.set(section, [counts[0] + (fits ? 1 : 0), counts[1] + 1]);
        shown += fits ? 1 : 0;
      }
      for (const section of shownSections) {
        const [fitting, all] = inSection.get(section) ?? [0, 0];
        section.hidden = fitting === 0;
        section.querySelector(".of").textContent = fitting === all ? number.format(all) : `${number.format(fitting)} of ${number.format(all)}`;
      }
      by("count").textContent = `${number.format(shown)} of ${number.format(findings.length)} findings shown`;
    }

    function sectionOf(module, index) {
      const section = document.createElement("section");
      const heading = document.createElement("h3");
      const [key, of] = [document.createElement("span"), document.createElement("span")];
      section.className = "group";
      heading.id = `module-${index + 1}-heading`;
      section.setAttribute("aria-labelledby", heading.id);
      key.className = "key";
      key.textContent = module;
      of.className = "of";
      heading.append(key, " ", of);
      section.append(heading);
      return section;
    }

    function regroup() {
      if (by("group").value === "module") {
        const modules = [...new Set(findings.map((finding) => finding.module))].sort();
        const made = new Map(modules.map((module, index) => [module, sectionOf(module, index)]));
        for (const finding of findings) made.get(finding.module).append(finding.element);
        shownSections = [...made.values()];
      } else {
        for (const finding of findings) finding.home.append(finding.element);
        shownSections = sections;
      }
      home.replaceChildren(...shownSections);
      apply();
    }

    // What a link points at is shown, whatever the filters say.
    function reveal() {
      const target = by(decodeURIComponent(location.hash.slice(1)));
      const finding = target?.closest?.(".finding");
      if (finding) {
        finding.hidden = false;
        finding.parentElement.hidden = false;
        finding.scrollIntoView();
      }
    }

    let waiting = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(event.target.id === "group" ? regroup : apply, event.target.type === "search" ? 150 : 0);
    });
    form.addEventListener("reset", () => setTimeout(regroup));
    form.addEventListener("submit", (event) => event.preventDefault());
    by("unfold").addEventListener("click", (event) => {
      const open = event.target.getAttribute("aria-pressed") !== "true";
      event.target.setAttribute("aria-pressed", open);
      event.target.textContent = open ? "Fold all" : "Unfold all";
      for (const details of home.querySelectorAll("details")) details.open = open;
    });
    addEventListener("hashchange", reveal);
    regroup();
    reveal();
  }

  document.addEventListener("DOMContentLoaded", () => {
    paint();
    by("theme").addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      stored(theme);
      paint();
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button.copy");
      if (button) copy(button);
    });
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("main details:not([open])")];
      for (const details of folded) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of folded) details.open = false;
    });
    if (by("filters")) filters();
  });
})();
