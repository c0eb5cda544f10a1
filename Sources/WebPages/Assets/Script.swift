/// The one script: what pages gain by it, and never need. It asks nobody but this server.
enum Script {
    static let text = """
        "use strict";
        // Times in the reader's own zone.
        const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
        for (const time of document.querySelectorAll("time[datetime]")) {
          const words = format.format(new Date(time.dateTime));
          if (time.classList.contains("exact")) time.textContent = words; else time.title = words;
        }
        // How long ago something was stays true on a page that stays open; in the words of the page (`Words.ago`), by the server's clock.
        const late = Date.parse(document.body.dataset.now) - Date.now();
        const ago = seconds => {
          const gap = Math.abs(seconds);
          if (gap < 60) return seconds < 0 ? "in a moment" : "just now";
          const [size, noun] = gap < 120 ? [1, "second"] : gap < 7200 ? [60, "minute"] : gap < 172800 ? [3600, "hour"] : [86400, "day"];
          const number = Math.floor(gap / size), words = number + " " + noun + (number === 1 ? "" : "s");
          return seconds < 0 ? "in " + words : words + " ago";
        };
        const renew = () => {
          for (const time of document.querySelectorAll("time[datetime]:not(.exact)")) {
            const words = ago((Date.now() + late - Date.parse(time.dateTime)) / 1000);
            if (time.textContent !== words) time.textContent = words;
          }
        };
        if (!isNaN(late)) {
          setInterval(renew, 60000);
          document.addEventListener("visibilitychange", renew);
        }
        // What was pasted is not lost with a session that has ended meanwhile: the login would lead away from it.
        for (const form of document.querySelectorAll("form[data-keeps]")) {
          form.addEventListener("submit", async event => {
            event.preventDefault();
            let known = true;
            try { known = (await fetch("/try", { method: "HEAD", redirect: "manual" })).ok; } catch { /* the form will tell */ }
            if (known) { form.submit(); return; }
            const words = form.querySelector(".fault") || form.appendChild(document.createElement("p"));
            words.className = "fault";
            words.setAttribute("role", "alert");
            const link = document.createElement("a");
            link.href = "/login";
            link.target = "_blank";
            link.textContent = "log in in another tab";
            words.replaceChildren("You have been logged out: ", link, ", and try once more. What you have written is still here.");
          });
        }
        // New alerts are told of, and nothing moves until the reader wants it.
        const news = document.getElementById("news");
        if (news && "EventSource" in window) {
          const title = document.title;
          const show = new URL(news.dataset.show, location.href);
          const question = new URL("/news" + show.search, location.href);
          question.searchParams.set("since", news.dataset.newest);
          const count = (number, most) => number >= most ? most + " or more new alerts" : number === 1 ? "1 new alert" : number + " new alerts";
          const link = (href, words) => {
            const link = document.createElement("a");
            link.href = href;
            link.textContent = words;
            return link;
          };
          // What keeps news from coming, in words; empty while nothing does.
          let trouble = "", failures = 0;
          const say = (words, ...links) => {
            if (trouble === words) return;
            trouble = words;
            news.classList.toggle("wait", words !== "");
            news.replaceChildren(...(words === "" ? [] : [words, ...links]));
          };
          const tell = (here, all) => {
            if (!(all > 0)) return;
            const links = here > 0 ? [link(show.href, count(here, show.search ? 100 : 1000) + " — show")] : [];
            if (all > here && here < 100) {
              if (here > 0) links.push(" · ");
              links.push(link("/", count(all - here, 1000) + " beside what is chosen here — show all"));
            }
            news.replaceChildren(...links);
            document.title = "(" + all + ") " + title;
          };
          let isAsking = false, isStale = false;
          const look = async () => {
            isStale = true;
            if (isAsking) return;
            isAsking = true;
            while (isStale) {
              isStale = false;
              let answer, words;
              try {
                answer = await fetch(question, { redirect: "manual" });
                if (answer.ok) words = await answer.text();
              } catch { /* nobody is there */ }
              if (words !== undefined) {
                failures = 0;
                say("");
                tell(...words.split(" ").map(Number));
              } else if (answer && answer.type === "opaqueredirect") {
                // To the login: sessions end by time and with the program.
                say("You have been logged out, and nothing new is shown here. ",
                  link("/login?next=" + encodeURIComponent(location.pathname + location.search), "Log in"));
              } else if (++failures > 1) {
                say("Tocsin does not answer, and nothing new is shown here. It is tried again and again.");
              }
            }
            isAsking = false;
          };
          let events, timer;
          const close = () => {
            clearTimeout(timer);
            if (events) events.close();
            events = undefined;
          };
          const follow = hear => {
            close();
            events = new EventSource("/events");
            events.addEventListener("alerts", hear);
            // A browser tries again by itself, but for an answer that is no stream: there were too many, or the session has ended. Which of
            // them it was, and whether anybody answers at all, each page asks for itself.
            events.addEventListener("error", event => {
              if (event.target !== events) return;
              if (events.readyState === EventSource.CLOSED) timer = setTimeout(() => follow(hear), 30000);
              hear();
            });
          };
          addEventListener("pagehide", close);
          if (navigator.locks && "BroadcastChannel" in window) {
            // A browser has six connections for a host. One page of all its tabs and windows has the stream, and tells the others: the one that
            // was shown last, since those that are not seen may be put to sleep.
            const channel = new BroadcastChannel("tocsin-news");
            channel.addEventListener("message", look);
            const hear = () => { channel.postMessage("news"); look(); };
            let turn;
            const lead = steal => {
              if (turn) turn.abort();
              const mine = turn = new AbortController();
              navigator.locks.request("tocsin-news", steal ? { steal } : { signal: mine.signal }, () => {
                follow(hear);
                return new Promise(() => {});
              }).catch(() => {
                if (mine.signal.aborted) return;
                close();
                lead(false);
              });
            };
            lead(false);
            document.addEventListener("visibilitychange", () => {
              if (document.hidden) return;
              look();
              if (!events) lead(true);
            });
            addEventListener("pageshow", event => { if (event.persisted) { look(); lead(true); } });
          } else {
            // Under a name of this network without TLS browsers let pages share nothing: then only those that are seen have a stream.
            const turn = () => {
              if (document.hidden) { close(); return; }
              look();
              follow(look);
            };
            document.addEventListener("visibilitychange", turn);
            addEventListener("pageshow", event => { if (event.persisted) turn(); });
            turn();
          }
        }

        """
}
