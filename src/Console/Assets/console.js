// What needs a script: countdowns, copying, and showing the use of a secret as it happens. All else works without.
(() => {
  'use strict';

  const units = [[259200, s => `${Math.floor(s / 86400)} days`],
    [3600, s => `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`],
    [60, s => `${Math.floor(s / 60)} min ${s % 60} s`],
    [0, s => `${s} s`]];
  const describe = seconds => units.find(([least]) => seconds >= least)[1](seconds);

  const showTimes = () => {
    for (const element of document.querySelectorAll('time[data-time]')) {
      const difference = Math.round((Date.parse(element.dateTime) - Date.now()) / 1000);
      const text = difference > 0 ? `in ${describe(difference)}`
        : difference > -5 ? 'just now' : `${describe(-difference)} ago`;
      if (element.textContent !== text) element.textContent = text;
    }
  };

  const showCopyButtons = () => {
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = false;
      button.addEventListener('click', async () => {
        const field = document.getElementById(button.dataset.copy);
        const status = document.getElementById('copied');
        field.select();
        try {
          await navigator.clipboard.writeText(field.value);
          status.textContent = 'Copied.';
        } catch {
          status.textContent = 'The browser did not copy. The secret is selected: copy it with the keyboard.';
        }
      });
    }
  };

  // Compares without the times, which change each second.
  const getContent = html => html.replace(/<time[^>]*>[^<]*/g, match => match.match(/datetime="[^"]*"/)[0]);

  const setStale = (region, isStale) => {
    region.classList.toggle('stale', isStale);
    const notice = document.getElementById('stale');
    if (notice) notice.hidden = !isStale;
  };

  const refresh = async region => {
    const response = await fetch(region.dataset.refresh, { headers: { Accept: 'text/html' } });
    if (response.status === 401) { location.reload(); return; }
    setStale(region, !response.ok);
    if (!response.ok) return;
    const html = await response.text();
    if (region.shown === getContent(html)) return;
    region.shown = getContent(html);
    const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
    region.innerHTML = html;
    showTimes();
    if (focused) document.getElementById(focused)?.focus();
  };

  const watch = region => {
    const next = () => setTimeout(async () => {
      if (!document.hidden) {
        try { await refresh(region); } catch { setStale(region, true); }
      }
      next();
    }, 3000);
    next();
  };

  // A form is sent once, and shows that it is on its way.
  document.addEventListener('submit', event => {
    if (event.target.getAttribute('aria-busy') === 'true') { event.preventDefault(); return; }
    if (event.target.method === 'post') event.target.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
  });

  showTimes();
  setInterval(showTimes, 1000);
  showCopyButtons();
  document.querySelectorAll('[data-refresh]').forEach(watch);
})();
