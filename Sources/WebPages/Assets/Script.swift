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
          const events = new EventSource("/events?since=" + encodeURIComponent(news.dataset.newest));
          events.addEventListener("alerts", event => {
            const count = Number(event.data);
            if (!(count > 0)) return;
            const words = count === 1 ? "1 new alert" : count + " new alerts";
            const link = document.createElement("a");
            link.href = location.pathname + location.search;
            link.textContent = words + " — show";
            news.replaceChildren(link);
            document.title = "(" + count + ") " + title;
          });
          addEventListener("pagehide", () => events.close());
        }

        """
}
