// What all sections share: charts, hovering over them, tables that sort. A section's own script is a function in `sections`, by name.
const sections = {};
const tip = document.getElementById("tip");

// Vega's hover, as plain text: what is hovered over came from a file.
function showTip(event, text) {
  tip.hidden = !text;
  if (tip.hidden) return;
  tip.textContent = text;
  const {width, height} = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
  tip.style.top = `${event.clientY + 18 + height > innerHeight ? Math.max(4, event.clientY - height - 12) : event.clientY + 18}px`;
}

// Draws a figure, with the rows of its data sets by name; `say` makes text of what a row has as its `tip`. Expressions are interpreted,
// as the page's policy forbids to compile them.
async function draw(figure, sets = {}, say = value => value) {
  const spec = JSON.parse(figure.querySelector("script.spec").textContent);
  for (const data of spec.data) if (data.name in sets) data.values = sets[data.name];
  const options = {mode: "vega", renderer: "svg", actions: false, ast: true, 
    tooltip: (handler, event, item, value) => showTip(event, value == null || value === "" ? "" : say(value))};
  return (await libtokVega(figure.querySelector(".view"), spec, options)).view;
}

function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const rows = () => [...body.rows];
    const isNumber = rows().some(row => "n" in row.cells[column].dataset);
    if (isNumber) head.classList.add("n");
    button.addEventListener("click", () => {
      const wanted = head.ariaSort ? (head.ariaSort === "ascending" ? -1 : 1) : isNumber ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", wanted > 0 ? "ascending" : "descending");
      const key = row => {
        const cell = row.cells[column];
        return isNumber ? ("n" in cell.dataset ? Number(cell.dataset.n) : null) : cell.textContent;
      };
      const keyed = rows().map(row => [key(row), row]);
      // What has no number is last, either way.
      keyed.sort(([a], [b]) =>
        a === null || b === null ? (a === null) - (b === null) : wanted * (isNumber ? a - b : a.localeCompare(b)));
      body.append(...keyed.map(([, row]) => row));
    });
  });
}

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// RFC 4180.
function csv(rows) {
  const quote = value => {
    const text = value == null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map(row => row.map(quote).join(",") + "\r\n").join("");
}

async function start() {
  document.querySelectorAll("table.sortable").forEach(makeSortable);
  document.addEventListener("scroll", () => { tip.hidden = true; }, {passive: true});
  const drawn = [];
  for (const section of document.querySelectorAll("main > section")) {
    const script = sections[section.dataset.script];
    const data = section.querySelector(":scope > script.data");
    if (script) drawn.push(script(section, JSON.parse(data.textContent)));
    else for (const figure of section.querySelectorAll("figure.chart")) drawn.push(draw(figure));
  }
  const failed = (await Promise.allSettled(drawn)).filter(one => one.status === "rejected");
  for (const one of failed) console.error(one.reason);
  document.documentElement.dataset.drawn = failed.length ? "failed" : "all";
}
