// What makes the pages better than they are without it: they follow what happens, filter and sort without a reload, copy, and obey the
// keyboard. The server makes every page; nothing is built here from what a log says.
'use strict';
(() => {
  const every = 750; // milliseconds between two looks
  const patience = 10000; // after so many without an answer the page says so
  const live = document.getElementById('live');
  const news = document.getElementById('news');
  const form = document.getElementById('filter');
  document.documentElement.classList.add('js');

  // say tells a screen reader.
  const say = (text) => { news.textContent = text; };

  // ago writes times as what has passed since, and keeps the time itself for the pointer.
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const inWords = (seconds) => {
    const i = units.findIndex(([n]) => seconds >= n);
    if (i < 0) { return 'now'; }
    const [n, unit] = units[i];
    const next = units[i + 1];
    const rest = next && seconds < 10 * n ? Math.floor((seconds % n) / next[0]) : 0; // "1 min 31 s", but "14 min"
    return `${Math.floor(seconds / n)} ${unit}${rest ? ` ${rest} ${next[1]}` : ''} ago`;
  };
  const asof = document.getElementById('asof');
  let skew = Date.parse(asof.dateTime) - Date.now(); // of this machine's clock
  const tick = (root) => {
    for (const t of root.querySelectorAll('time[data-ago]')) {
      t.title ||= t.textContent;
      const text = inWords(Math.floor((Date.now() + skew - Date.parse(t.dateTime)) / 1000));
      if (t.textContent !== text) { t.textContent = text; }
    }
  };

  // enliven shows what needs this script.
  const enliven = (root) => {
    tick(root);
    for (const e of root.querySelectorAll('button.copy, .needs-js')) { e.hidden = false; }
  };

  // copy puts a text on the clipboard, also where the page did not come over a secure connection.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    }
  };
  const copyFrom = async (button) => {
    const from = button.dataset.from;
    const text = from ? document.getElementById(from).value : button.dataset.copy;
    const done = await copy(text);
    const before = button.dataset.text ??= button.textContent;
    button.textContent = done ? 'Copied' : 'Not copied: select the text by hand';
    say(done ? 'Copied to the clipboard' : 'Not copied');
    button.focus({ preventScroll: true });
    setTimeout(() => { button.textContent = before; }, 2000);
  };

  // merge puts a part of a newer page in the place of the one that is here. What has not changed is left alone, and with it the focus, the
  // selection and what was opened.
  const origin = new WeakMap(); // how an element came from the server
  const remember = (root) => {
    for (const e of [root, ...root.querySelectorAll('[data-key]')]) { origin.set(e, e.outerHTML); }
  };
  const place = () => {
    const e = document.activeElement;
    const row = e?.closest('[data-key]');
    if (!row || e === document.body) { return () => {}; }
    const all = [...row.querySelectorAll('a, button, summary, input')];
    const key = row.dataset.key;
    const nth = all.indexOf(e);
    return () => {
      if (document.activeElement !== document.body) { return; }
      const again = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      again?.querySelectorAll('a, button, summary, input')[nth]?.focus({ preventScroll: true });
    };
  };
  const keep = (from, to) => { // an opened <details>, a button that says "Copied"
    if (from.tagName === 'DETAILS') { to.open = from.open; }
  };
  const merge = (id, page) => {
    const here = document.getElementById(id);
    const there = page.getElementById(id);
    if (!here || !there || origin.get(here) === there.outerHTML) { return; }
    const selected = getSelection();
    if (selected.type === 'Range' && here.contains(selected.anchorNode)) { // somebody is marking a text: later
      tag = '""';
      return;
    }
    const back = place();
    const known = new Map([...here.querySelectorAll('[data-key]')].map((e) => [e.dataset.key, e]));
    const whole = there.outerHTML;
    const came = [];
    const fresh = document.importNode(there, true);
    remember(fresh);
    for (const e of fresh.querySelectorAll('[data-key]')) {
      const old = known.get(e.dataset.key);
      if (!old) {
        if (e.dataset.code) { e.classList.add('new'); came.push(e); }
        continue;
      }
      if (origin.get(old) === origin.get(e) || old.querySelector('textarea:focus')) {
        e.replaceWith(old);
      } else {
        keep(old, e);
      }
    }
    here.replaceWith(fresh);
    origin.set(fresh, whole);
    enliven(fresh);
    back();
    return came;
  };

  // Looking again: whether anything has changed, and if so, what.
  let tag = live?.dataset.live;
  let path = location.href;
  let last = Date.now();
  let asking;
  const look = async (moved) => {
    if (!tag && !moved) { return; }
    asking?.abort();
    const mine = asking = new AbortController();
    const headers = moved ? {} : { 'If-None-Match': tag };
    try {
      const answer = await fetch(path, { headers, signal: mine.signal, cache: 'no-store', redirect: 'error' });
      if (mine.signal.aborted) { return; }
      if (answer.status === 200) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        if (mine.signal.aborted) { return; }
        tag = answer.headers.get('ETag') ?? tag;
        const time = page.getElementById('asof');
        skew = Date.parse(time.dateTime) - Date.now();
        document.title = page.title;
        merge('view', page);
        const came = merge('list', page) ?? [];
        if (came.length && !moved) { say(`New: ${came.map((e) => e.dataset.code).join(', ')}`); }
        const clear = document.getElementById('clear');
        if (clear) { clear.hidden = page.getElementById('clear').hidden; }
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      last = Date.now();
      live.className = 'on';
      live.textContent = 'Live';
      const now = new Date(Date.now() + skew);
      asof.dateTime = now.toISOString();
      asof.textContent = `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    } catch (error) {
      if (error.name === 'AbortError') { return; }
      if (Date.now() - last > patience) {
        live.className = 'off';
        live.textContent = 'No answer from the exporter: this is how it was';
      }
    }
  };
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!document.hidden) {
        tick(document);
        await look(false);
      }
      again();
    }, every);
  };
  const go = (url) => {
    path = url;
    history.replaceState(null, '', url);
    again();
    return look(true);
  };

  // Filter and order, without a reload.
  const chosen = () => {
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) {
      if (value && !(name === 'sort' && value === 'urgency')) { url.searchParams.append(name, value); }
    }
    return url.href;
  };
  if (form) {
    let typing;
    form.addEventListener('submit', (e) => { e.preventDefault(); go(chosen()); });
    form.addEventListener('change', () => go(chosen()));
    form.addEventListener('input', (e) => {
      if (e.target.type !== 'search') { return; }
      clearTimeout(typing);
      typing = setTimeout(() => go(chosen()), 200);
    });
  }
  const follow = (link) => { // a link that only filters or sorts this page
    const url = new URL(link.href);
    const here = new URL(location.href);
    if (!form || url.origin !== here.origin || url.pathname !== here.pathname || url.hash) { return false; }
    for (const e of form.elements) {
      if (e.name) { e.value = url.searchParams.get(e.name) ?? (e.name === 'sort' ? 'urgency' : ''); }
    }
    go(url.href);
    return true;
  };

  document.addEventListener('click', (e) => {
    const button = e.target.closest('button.copy');
    if (button) { copyFrom(button); return; }
    const link = e.target.closest('main a[href]');
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0 && follow(link)) { e.preventDefault(); }
  });

  // The keyboard. Letters are shortcuts unless that was switched off.
  const help = document.getElementById('help');
  const on = document.getElementById('keys-on');
  const stored = (value) => {
    try {
      if (value !== undefined) { localStorage.setItem('errcode_exporter.keys', value); }
      return localStorage.getItem('errcode_exporter.keys') ?? 'on';
    } catch {
      return 'on'; // storage is forbidden here
    }
  };
  on.checked = stored() === 'on';
  on.addEventListener('change', () => stored(on.checked ? 'on' : 'off'));
  document.getElementById('keys').addEventListener('click', () => help.showModal());
  const step = (by) => {
    const codes = [...document.querySelectorAll('.rows a.code')];
    const row = document.activeElement?.closest('tr.row');
    const at = codes.findIndex((c) => c.closest('tr') === row);
    codes[Math.min(codes.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
  };
  const keys = {
    '/': () => document.getElementById('f-q')?.focus(),
    j: () => step(1),
    k: () => step(-1),
    c: () => (document.activeElement?.closest('tr.row')?.querySelector('button.copy') ?? document.getElementById('copy-ids'))?.click(),
    t: () => document.getElementById('copy-ticket')?.click(),
    '?': () => help.showModal(),
  };
  document.addEventListener('keydown', (e) => {
    const typing = e.target.closest('input, select, textarea, dialog');
    if (!on.checked || typing || e.ctrlKey || e.metaKey || e.altKey || !Object.hasOwn(keys, e.key)) { return; }
    e.preventDefault();
    keys[e.key]();
  });

  for (const id of ['view', 'list']) {
    const e = document.getElementById(id);
    if (e) { remember(e); }
  }
  enliven(document);
  if (tag) {
    live.className = 'on';
    live.textContent = 'Live';
    again();
    document.addEventListener('visibilitychange', () => { if (!document.hidden) { look(false); } });
  }
})();
