/*
 * What the pages gain when the browser runs scripts. Nothing here is needed: every journey works without.
 *
 *   1. a form sent twice in a row is sent once, and waiting is announced
 *   2. « Copier la référence » appears on error pages
 *   3. a page brought back by Back is asked again to the server
 *   4. five minutes before the session ends, the page says so
 *   5. what an account wants to be read opens over the choice page instead of taking its place
 */
(() => {
  "use strict";

  const REPEAT_AFTER_MS = 5_000; // a person who insists after that is heard
  const ANNOUNCE_AFTER_MS = 500; // a quick answer needs no announcement
  const WARN_AFTER_MS = 25 * 60 * 1_000; // the session lasts 30 minutes

  const status = document.getElementById("etat");

  function announce(text) {
    status.textContent = text;
  }

  function guardDoubleSubmit() {
    const sentAt = new WeakMap();
    document.addEventListener("submit", (event) => {
      const now = Date.now();
      if (now - (sentAt.get(event.target) ?? 0) < REPEAT_AFTER_MS) {
        event.preventDefault();
        return;
      }
      sentAt.set(event.target, now);
      setTimeout(announce, ANNOUNCE_AFTER_MS, "Chargement en cours…");
    });
  }

  function offerCopy() {
    if (!navigator.clipboard) return; // absent outside of secure contexts
    for (const button of document.querySelectorAll("[data-copy]")) {
      const source = document.getElementById(button.dataset.copy);
      button.hidden = false;
      button.addEventListener("click", async () => {
        const text = source.textContent.replace(/[ \n\t]+/g, " ").trim();
        try {
          await navigator.clipboard.writeText(text);
          announce("Référence copiée.");
        } catch {
          announce("La copie a été refusée par le navigateur.");
        }
        setTimeout(announce, 4_000, "");
      });
    }
  }

  function askAgainAfterBack() {
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  function warnBeforeSessionEnds() {
    const region = document.getElementById("fin-de-session");
    const message = document.getElementById("fin-de-session-message");
    if (!region || !message) return;
    setTimeout(() => region.append(message.content.cloneNode(true)), WARN_AFTER_MS);
  }

  function openDialogs() {
    for (const button of document.querySelectorAll("[data-dialog]")) {
      const dialog = document.getElementById(button.dataset.dialog);
      if (!dialog.showModal) continue; // an old browser has the page
      button.setAttribute("aria-haspopup", "dialog");
      button.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.showModal();
        dialog.append(status); // what is outside of an open dialog is not announced
      });
      dialog.addEventListener("close", () => document.body.append(status));
      let pressed = null; // a selection that ends on the backdrop began elsewhere
      dialog.addEventListener("pointerdown", (event) => {
        pressed = event.target;
      });
      dialog.addEventListener("click", (event) => {
        const isBackdrop = event.target === dialog && pressed === dialog;
        if (isBackdrop || event.target.closest("[data-close]")) dialog.close();
      });
    }
  }

  guardDoubleSubmit();
  offerCopy();
  askAgainAfterBack();
  warnBeforeSessionEnds();
  openDialogs();
})();
