// Premiums: one filter for all charts and the table, and one tokenizer that they show most of.
sections.premium = async (section, data) => {
  const N_FIRST = 40, N_COLOURS = 6, N_TAGS = 9;
  const {languages, tokenizers, reference} = data;
  const rows = languages.language.map((code, row) => ({
    code, row,
    name: languages.name[row] || nameOf(code),
    script: languages.script[row],
    family: languages.family[row],
    bytes: languages.bytes[row],
    bytePremium: languages.byte_premium[row],
    jitter: jitterOf(code),
  }));
  for (const one of rows) one.key = `${one.code} ${one.name} ${one.script} ${one.family}`.toLowerCase();
  const of = (turn, field, row) => (tokenizers[turn][field] ?? [])[row] ?? null;
  const others = rows.filter(one => one.code !== reference);
  const colour = turn => `var(--c${turn % N_COLOURS})`;
  const times = value => value == null ? "–" : `${value.toFixed(2)}×`;
  const integers = new Intl.NumberFormat("en");
  const whole = value => value == null ? "–" : integers.format(value);
  let chosen = 0, showsAll = false, waiting = 0;

  const find = section.querySelector(".find");
  const script = section.querySelector("select.script");
  const choice = section.querySelector(".choice");
  const found = section.querySelector(".found");
  const more = section.querySelector(".more");
  const tableRows = [...section.querySelectorAll(".all tbody tr")];

  // What the browser calls a language, where it knows it.
  function nameOf(code) {
    const [base] = code.split(/[-_.@]/);
    if (!/^[a-z]{2,3}$/.test(base)) return "";
    try {
      return new Intl.DisplayNames(["en"], {type: "language", fallback: "none"}).of(base) ?? "";
    } catch {
      return "";
    }
  }

  // The same in every page: between -1 and 1, of the code alone.
  function jitterOf(code) {
    let hash = 2166136261;
    for (const character of code) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 31 - 1;
  }

  const labelOf = one => {
    const name = one.name.length > 24 ? `${one.name.slice(0, 23)}…` : one.name;
    return name ? `${name} · ${one.code}` : one.code;
  };

  // Texts are made when they are asked for: most never are.
  const tipOf = (one, turn) => `${turn} ${one.row}`;

  function say(tip) {
    const [turn, row] = tip.split(" ").map(Number), one = rows[row];
    const low = of(turn, "premium_low", one.row), high = of(turn, "premium_high", one.row);
    const lines = [labelOf(one), [one.script, one.family].filter(Boolean).join(", ")];
    for (let t = 0; t < tokenizers.length; ++t) {
      lines.push(`${tokenizers[t].name}: ${times(of(t, "premium", one.row))}, ${whole(of(t, "tokens", one.row))} tokens`);
    }
    if (low != null && high != null) lines.push(`95 % interval (${tokenizers[turn].name}): ${low.toFixed(2)} to ${high.toFixed(2)}`);
    if (one.bytes != null) lines.push(`${whole(one.bytes)} bytes${one.bytePremium == null ? "" : `, byte premium ${times(one.bytePremium)}`}`);
    return lines.filter(Boolean).join("\n");
  }

  const isFound = one => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    return words.every(word => one.key.includes(word)) && (!script?.value || one.script === script.value);
  };

  function bars(matched) {
    const sorted = matched.filter(one => of(chosen, "premium", one.row) != null)
      .sort((a, b) => of(chosen, "premium", b.row) - of(chosen, "premium", a.row));
    const shown = showsAll ? sorted : sorted.slice(0, N_FIRST);
    more.hidden = sorted.length <= N_FIRST;
    more.textContent = showsAll ? `Show the first ${N_FIRST} alone` : `Show all ${sorted.length}`;
    return shown.map(one => {
      const bar = {
        label: labelOf(one), premium: of(chosen, "premium", one.row), colour: colour(chosen), tip: tipOf(one, chosen),
        low: of(chosen, "premium_low", one.row), high: of(chosen, "premium_high", one.row),
      };
      tokenizers.forEach((_, turn) => { bar[`t${turn}`] = of(turn, "premium", one.row); });
      return bar;
    });
  }

  const dots = (turn, isIn, extra) => others
    .filter(one => of(turn, "premium", one.row) > 0)
    .map(one => ({
      premium: of(turn, "premium", one.row), jitter: one.jitter, colour: colour(turn), tip: tipOf(one, turn),
      opacity: isIn.has(one) ? 0.72 : 0.07, ...extra(one),
    }));

  const spread = isIn => tokenizers.flatMap((tokenizer, turn) => dots(turn, isIn, () => ({tokenizer: tokenizer.name})));

  function scripts(isIn) {
    const all = dots(chosen, isIn, one => ({script: one.script || "unknown"}));
    const groups = new Map();
    for (const one of all) groups.set(one.script, [...(groups.get(one.script) ?? []), one]);
    const median = list => list.map(one => one.premium).sort((a, b) => a - b)[list.length >> 1];
    return [...groups.values()].sort((a, b) => median(b) - median(a))
      .flatMap(list => list.map(one => ({...one, script: `${one.script} (${list.length})`})));
  }

  // The dearest languages have their names beside them, where there is room for those.
  function against(isIn) {
    const all = dots(chosen, isIn, one => ({byte_premium: one.bytePremium, name: one.name || one.code, isIn: isIn.has(one)}))
      .filter(one => one.byte_premium > 0);
    const tagged = [];
    for (const one of [...all].sort((a, b) => b.premium - a.premium)) {
      const isFree = tagged.every(other => Math.abs(Math.log(one.premium / other.premium)) > 0.12 || Math.abs(Math.log(one.byte_premium / other.byte_premium)) > 0.5);
      if (one.isIn && isFree && tagged.length < N_TAGS) tagged.push(one);
    }
    return all.map(one => ({...one, tag: tagged.includes(one) ? one.name : ""}));
  }

  function diagonal() {
    const values = others.map(one => one.bytePremium).filter(value => value > 0);
    return values.length ? [Math.min(...values), Math.max(...values)].map(at => ({at})) : [];
  }

  function everything() {
    const matched = others.filter(isFound);
    const isIn = new Set(matched);
    const rowsIn = new Set(rows.filter(isFound).map(one => one.row));
    for (const row of tableRows) row.hidden = !rowsIn.has(Number(row.dataset.row));
    found.textContent = `${matched.length} of ${others.length} languages`;
    return {bars: bars(matched), spread: spread(isIn), scripts: scripts(isIn), against: against(isIn)};
  }

  tokenizers.forEach((tokenizer, turn) => {
    const label = document.createElement("label"), radio = document.createElement("input"), swatch = document.createElement("i");
    Object.assign(radio, {type: "radio", name: `${section.id}-tokenizer`, value: turn, checked: turn === chosen});
    swatch.className = `swatch c${turn % N_COLOURS}`;
    label.append(radio, swatch, tokenizer.name);
    choice.append(label);
  });
  for (const name of [...new Set(rows.map(one => one.script))].filter(Boolean).sort()) script?.append(new Option(name, name));
  // The table gets the names that charts have.
  if (!languages.name.some(Boolean)) {
    for (const row of tableRows) {
      const name = document.createElement("small");
      name.textContent = rows[Number(row.dataset.row)].name;
      row.cells[0].append(" ", name);
    }
  }

  const views = new Map();
  const first = {...everything(), diagonal: diagonal()};
  await Promise.all([...section.querySelectorAll("figure.chart")].map(async figure => {
    views.set(figure.dataset.chart, await draw(figure, first, say));
  }));

  function update() {
    const sets = everything();
    for (const [name, view] of views) view.data(name, sets[name]).resize().run();
  }

  section.querySelector(".tools").addEventListener("submit", event => event.preventDefault());
  section.querySelector(".tools").addEventListener("input", event => {
    if (event.target.type === "radio") chosen = Number(event.target.value);
    clearTimeout(waiting);
    waiting = setTimeout(update, 80);  // those who type fast wait once
  });
  more.addEventListener("click", () => { showsAll = !showsAll; update(); });
  section.querySelector(".csv").addEventListener("click", () => {
    const facts = Object.keys(languages).filter(field => languages[field].some(value => value !== null && value !== ""));
    const fields = [...new Set(tokenizers.flatMap(one => Object.keys(one)))].filter(field => field !== "name");
    const lines = tokenizers.flatMap((tokenizer, turn) => rows.filter(one => of(turn, "premium", one.row) != null)
      .map(one => [tokenizer.name, ...facts.map(field => languages[field][one.row]), ...fields.map(field => of(turn, field, one.row))]));
    save("premium.csv", csv([["tokenizer", ...facts, ...fields], ...lines]), "text/csv");
  });
};
