/// The look of the pages: one file, served by ourselves, for light and dark, wide and narrow.
///
/// Fonts are those of the reader's system, with some that hold Arabic script, Chinese and Cyrillic well. Contrasts are 4.5 and more.
enum Stylesheet {
    static let text = palette + base + frame + lists + forms + charts + narrow

    private static let palette = """
        :root {
          color-scheme: light dark;
          --ground: #faf8f4; --paper: #fffefb; --ink: #20242a; --quiet: #5b6069; --line: #e4dfd6; --hover: #f3efe7;
          --accent: #0b5d66; --on-accent: #ffffff; --mark: #ffe9a3; --on-mark: #3a2a00;
          --critical: #a4152b; --high: #a8480b; --normal: #2f5d8a; --low: #62676f;
          --good: #2c6a3f; --bad: #a4152b; --wait: #80590a;
          --c0: #0b6e78; --c1: #c2611f; --c2: #5b59b5; --c3: #a3386f; --c4: #5d7a1e; --c5: #937010; --c6: #8b9099;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC",
            "PingFang SC", "Microsoft YaHei", "Microsoft Uighur", "UKIJ Tuz Tom", sans-serif;
          --serif: "Iowan Old Style", Charter, "Source Serif 4", "Noto Serif", Georgia, "Noto Naskh Arabic",
            "Scheherazade New", "Microsoft Uighur", "Noto Serif CJK SC", "Songti SC", SimSun, serif;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171b; --paper: #1b1f25; --ink: #e8e5df; --quiet: #a2a7b0; --line: #2d333c; --hover: #232830;
            --accent: #74c7cc; --on-accent: #0c1a1c; --mark: #54430f; --on-mark: #ffeeb5;
            --critical: #ff8a94; --high: #f2a268; --normal: #8cb8e8; --low: #a2a7b0;
            --good: #86cf9c; --bad: #ff8a94; --wait: #e3b95f;
            --c0: #5fbcc2; --c1: #e8935a; --c2: #a3a1ef; --c3: #e283b3; --c4: #a5c25f; --c5: #d8b552; --c6: #7d838d;
          }
        }

        """

    private static let base = """
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body {
          margin: 0; background: var(--ground); color: var(--ink);
          font: 400 1rem/1.55 var(--sans); overflow-wrap: anywhere;
        }
        h1, h2, h3, h4, p, ul, ol, dl, dd, figure, table { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        h1 { font: 600 1.7rem/1.25 var(--serif); letter-spacing: -0.01em; }
        h2 { font: 600 1.15rem/1.35 var(--sans); }
        h3, h4 { font: 600 1rem/1.4 var(--sans); }
        a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 0.06em; }
        a:hover { text-decoration-thickness: 0.12em; }
        :focus-visible { outline: 0.16rem solid var(--accent); outline-offset: 0.16rem; border-radius: 0.2rem; }
        mark { background: var(--mark); color: var(--on-mark); border-radius: 0.2em; padding: 0.05em 0.16em; }
        code, .mono { font-family: var(--mono); font-size: 0.9em; }
        .quiet, time { color: var(--quiet); }
        .number { text-align: end; font-variant-numeric: tabular-nums; }
        /* A letter with a hundred marks above it does not paint over its neighbours; outlines of what has the focus are seen. */
        .alert, .panel, .notice, .title, .finds > li, .why li, .forms li, th, td, dd, figcaption li, option {
          clip-path: inset(-0.4rem -1rem);
        }
        .hidden {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        .skip {
          position: absolute; inset-inline-start: 1rem; top: -4rem; background: var(--paper); padding: 0.6rem 1rem;
          border-radius: 0 0 0.4rem 0.4rem; z-index: 2;
        }
        .skip:focus { top: 0; }

        """

    private static let frame = """
        .bar { border-block-end: 1px solid var(--line); background: var(--paper); }
        .bar > div {
          max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; display: flex; align-items: center; gap: 0.25rem 1.5rem;
          min-height: 3.5rem; flex-wrap: wrap;
        }
        .brand {
          display: flex; align-items: center; gap: 0.5rem; font: 600 1.15rem/1 var(--serif); color: var(--ink);
          text-decoration: none; padding: 0.4rem 0;
        }
        .brand svg { width: 1.25rem; height: 1.25rem; fill: var(--accent); }
        .bar nav { flex: 1; }
        .bar nav ul { display: flex; gap: 0.25rem; flex-wrap: wrap; }
        .bar nav li { flex: none; }
        .bar nav a, .bar button { white-space: nowrap; }
        .bar nav a { display: block; padding: 0.4rem 0.7rem; border-radius: 0.4rem; color: var(--ink); text-decoration: none; }
        .bar nav a:hover { background: var(--hover); }
        .bar nav a[aria-current] { color: var(--accent); font-weight: 600; background: var(--hover); }
        .bar form { margin: 0; }
        main { max-width: 64rem; margin: 0 auto; padding: 2rem 1.25rem 5rem; }
        main > * + * { margin-block-start: 1.5rem; }
        .lead { max-width: 44rem; }
        .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1rem; }
        section > * + * { margin-block-start: 0.85rem; }
        .panel {
          background: var(--paper); border: 1px solid var(--line); border-radius: 0.7rem; padding: 1.1rem 1.25rem;
        }
        .notice {
          background: var(--paper); border: 1px solid var(--line); border-inline-start: 0.25rem solid var(--accent);
          border-radius: 0.5rem; padding: 0.75rem 1rem;
        }
        .notice.wait { border-inline-start-color: var(--wait); }
        #news:empty { display: none; }
        .login { max-width: 22rem; margin: 12vh auto 0; display: grid; gap: 0.7rem; }
        .login .fault { color: var(--bad); }

        """

    private static let lists = """
        .alerts { border-block-start: 1px solid var(--line); }
        .alerts > li { border-block-end: 1px solid var(--line); }
        .alert { padding: 1.15rem 0 1.15rem 1.1rem; position: relative; }
        .alert::before {
          content: ""; position: absolute; inset-inline-start: 0; inset-block: 1.25rem; width: 0.22rem; border-radius: 1rem;
          background: var(--low);
        }
        .alert.critical::before { background: var(--critical); }
        .alert.high::before { background: var(--high); }
        .alert.normal::before { background: var(--normal); }
        .alert.seen h2 a { font-weight: 400; }
        .alert h2 { font: 600 1.2rem/1.4 var(--serif); margin-block: 0.3rem; max-width: 46rem; }
        .alert h2 a { color: var(--ink); text-decoration: none; }
        .alert h2 a:hover { text-decoration: underline; }
        .alert .context { color: var(--ink); max-width: 46rem; margin-block: 0.35rem; }
        .facts { display: flex; flex-wrap: wrap; gap: 0.15rem 0.85rem; align-items: baseline; font-size: 0.9rem; }
        .facts li { color: var(--quiet); }
        .tag {
          display: inline-block; padding: 0.08rem 0.55rem; border-radius: 1rem; background: var(--hover); color: var(--ink);
          border: 1px solid var(--line); text-decoration: none; font-size: 0.85rem;
        }
        a.tag:hover { border-color: var(--accent); }
        .severity { font-weight: 600; }
        .severity.critical { color: var(--critical); } .severity.high { color: var(--high); }
        .severity.normal { color: var(--normal); } .severity.low { color: var(--low); }
        .good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
        .facts .good { color: var(--good); } .facts .bad { color: var(--bad); } .facts .wait { color: var(--wait); }
        .pages { display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
        .empty { padding: 2.5rem 0; color: var(--quiet); text-align: center; }
        table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
        th, td { text-align: start; padding: 0.6rem 0.9rem 0.6rem 0; vertical-align: top; border-block-end: 1px solid var(--line); }
        thead th { color: var(--quiet); font-weight: 500; font-size: 0.85rem; white-space: nowrap; }
        tbody th { font-weight: 500; }
        .day { white-space: nowrap; }
        .scroll { overflow-x: auto; }
        .why { font-size: 0.9rem; color: var(--quiet); }
        .why li { padding-block: 0.1rem; }
        dl.pairs { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.2rem; }
        dl.pairs dt { color: var(--quiet); }
        .finds > li { padding-block: 0.8rem; border-block-end: 1px solid var(--line); }
        .finds > li:last-child { border: 0; }
        .title { font: 600 1.7rem/1.35 var(--serif); max-width: 46rem; }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1rem; }
        .grid > li > * + * { margin-block-start: 0.5rem; }
        .chips { display: flex; flex-wrap: wrap; gap: 0.4rem; }
        .chips a[aria-current] { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
        summary { cursor: pointer; color: var(--accent); width: fit-content; }
        details > * + * { margin-block-start: 0.6rem; }
        .forms { columns: 16rem; column-gap: 2rem; }
        .forms li { break-inside: avoid; display: flex; justify-content: space-between; gap: 1rem; padding-block: 0.15rem; }

        """

    private static let forms = """
        label { font-size: 0.9rem; color: var(--quiet); }
        input, select, textarea, button { font: inherit; color: inherit; }
        input:not([type=checkbox]), select, textarea {
          width: 100%; background: var(--paper); border: 1px solid var(--quiet); border-radius: 0.45rem; padding: 0.45rem 0.65rem;
        }
        textarea { min-height: 12rem; resize: vertical; line-height: 1.6; }
        button, .button {
          display: inline-block; background: var(--paper); color: var(--accent); border: 1px solid var(--accent); cursor: pointer;
          border-radius: 0.45rem; padding: 0.42rem 0.95rem; text-decoration: none; line-height: 1.4; font-weight: 500;
        }
        button:hover, .button:hover { background: var(--hover); }
        button.first { background: var(--accent); color: var(--on-accent); }
        button.plain { border-color: transparent; background: none; padding-inline: 0.5rem; color: var(--quiet); font-weight: 400; }
        button.plain:hover { color: var(--ink); text-decoration: underline; }
        .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr)); gap: 0.7rem 1rem; align-items: end; }
        .filters > div { display: grid; gap: 0.2rem; }
        .filters .check { display: flex; align-items: center; gap: 0.5rem; min-height: 2.4rem; }
        .check input { width: 1.1rem; height: 1.1rem; accent-color: var(--accent); }
        .check label { color: var(--ink); }
        .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
        .actions > * { margin: 0; }
        .filters button { width: fit-content; }
        .actions form { display: flex; gap: 0.5rem; align-items: center; flex-wrap: wrap; }
        .actions select { width: auto; }
        .stack { display: grid; gap: 0.8rem; max-width: 46rem; }
        .stack > div { display: grid; gap: 0.25rem; }
        .stack > .actions { display: flex; }

        """

    private static let charts = """
        .timeline svg { width: 100%; height: 7rem; display: block; }
        .timeline line { stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke; }
        .timeline div.axis { display: flex; justify-content: space-between; font-size: 0.8rem; color: var(--quiet); padding-block: 0.3rem; }
        .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.9rem; }
        .legend li { display: flex; align-items: baseline; gap: 0.4rem; }
        .swatch { width: 0.7rem; height: 0.7rem; border-radius: 0.2rem; }
        figcaption > * + * { margin-block-start: 0.5rem; }
        figcaption summary { font-size: 0.9rem; }
        .spark { width: 5.5rem; height: 1.5rem; display: block; }
        .spark.wide { width: 100%; max-width: 20rem; height: 2.2rem; }
        .spark .some { fill: var(--c0); } .spark .none { fill: var(--line); }
        rect.c0 { fill: var(--c0); } rect.c1 { fill: var(--c1); } rect.c2 { fill: var(--c2); } rect.c3 { fill: var(--c3); }
        rect.c4 { fill: var(--c4); } rect.c5 { fill: var(--c5); } rect.c6 { fill: var(--c6); }
        .swatch.c0 { background: var(--c0); } .swatch.c1 { background: var(--c1); } .swatch.c2 { background: var(--c2); }
        .swatch.c3 { background: var(--c3); } .swatch.c4 { background: var(--c4); } .swatch.c5 { background: var(--c5); }
        .swatch.c6 { background: var(--c6); }

        """

    private static let narrow = """
        @media (max-width: 44rem) {
          main { padding: 1.25rem 1rem 4rem; }
          .bar > div { padding: 0.4rem 1rem; }
          .bar nav { order: 3; flex-basis: 100%; min-width: 0; margin-inline: -0.7rem; }
          .bar nav ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }
          .bar .brand { flex: 1; }
          h1, .title { font-size: 1.4rem; }
          .filters { grid-template-columns: 1fr 1fr; gap: 0.6rem 0.8rem; padding: 0.9rem 1rem; }
          .timeline svg { height: 5.5rem; }
          table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table.cards, table.cards tbody { display: block; }
          table.cards tr { display: block; padding-block: 0.9rem; border-block-end: 1px solid var(--line); }
          table.cards th, table.cards td {
            display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: 0.15rem 0; text-align: end;
          }
          table.cards th { display: block; text-align: start; padding-block-end: 0.3rem; }
          table.cards td::before { content: attr(data-name); color: var(--quiet); text-align: start; flex-shrink: 0; }
          table.cards td:empty { display: none; }
          dl.pairs { grid-template-columns: 1fr; gap: 0; }
          dl.pairs dd { margin-block-end: 0.5rem; }
        }
        @media (max-width: 23rem) {
          .bar nav a { padding-inline: 0.5rem; font-size: 0.95rem; }
          .bar nav ul { gap: 0; justify-content: space-between; }
        }
        @media (prefers-reduced-motion: no-preference) { a, button, .tag { transition: background-color 0.12s, border-color 0.12s; } }
        @media (forced-colors: active) { rect { fill: CanvasText; } mark { forced-color-adjust: none; } }
        @media print { .bar, .actions, .filters, #news { display: none; } }

        """
}
