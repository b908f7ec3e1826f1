import { createTheme } from '@grafana/data';
// The context of @grafana/ui, which has a copy of @grafana/data of its own.
import { GlobalStyles, PortalContainer, ThemeContext } from '@grafana/ui';
import { initPluginTranslations } from '@grafana/i18n';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router-dom';
import { Panel } from './panel';
import { register } from './prepare';

// A dashboard's grid, with the sizes that Grafana has.
const columns = 24;
const rowHeight = 30;
const gap = 8;

async function main() {
  (window as any).grafanaBootData = { settings: { featureToggles: {} }, user: {}, navTree: [] };
  await initPluginTranslations('grafana', []);
  register();
  const parameters = new URLSearchParams(location.search);
  const theme = createTheme({ colors: { mode: parameters.get('theme') === 'light' ? 'light' : 'dark' } });
  const dashboard = await (await fetch(`/dashboards/${parameters.get('dashboard')}.json`)).json();
  const unit = (window.innerWidth - gap) / columns;
  const bottom = Math.max(...dashboard.panels.map((p: any) => p.gridPos.y + p.gridPos.h));
  createRoot(document.getElementById('root')!).render(
    <ThemeContext.Provider value={theme}>
      <MemoryRouter>
        <GlobalStyles />
        <PortalContainer />
        <h1 style={{ margin: 0, padding: '10px 12px', fontSize: 18, color: theme.colors.text.primary }}>{dashboard.title}</h1>
        <main style={{ position: 'relative', height: bottom * (rowHeight + gap) + gap }}>
          {dashboard.panels.map((p: any) => (
            <div key={p.id} style={{ position: 'absolute', left: gap + p.gridPos.x * unit, top: p.gridPos.y * (rowHeight + gap) }}>
              <Panel panel={p} width={p.gridPos.w * unit - gap} height={p.gridPos.h * (rowHeight + gap) - gap} />
            </div>
          ))}
        </main>
      </MemoryRouter>
    </ThemeContext.Provider>
  );
  document.body.style.background = theme.colors.background.canvas;
}

main().catch((e) => {
  document.body.setAttribute('data-failed', String(e.stack ?? e));
});
