// Offers a reload when something new was posted; never reloads by itself, so that nothing typed is lost.
const line = document.querySelector("[data-newest]");
if (line) {
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(line.dataset.newest, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { head } = await answer.json();
      line.querySelector("a").hidden = head <= Number(line.dataset.head);
    } catch {
      // The server is away; the next look will tell.
    }
  };
  setInterval(look, 5000);
}
