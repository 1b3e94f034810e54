// Sends a form without leaving its page and shows each error at its field. Without this script
// the form posts by itself.
function salestreamForm(form, address) {
  const shown = Date.now();
  const part = (name) => form.querySelector(`[data-part="${name}"]`);
  const input = (name) => form.elements.namedItem(name);
  const later = (milliseconds) => new Promise((done) => setTimeout(done, Math.max(0, milliseconds)));
  const early = Number(form.dataset.seconds) * 1000 + 250;
  let issued = shown;

  input("referrer").value = document.referrer.slice(0, 2000);
  input("page").value = location.href.slice(0, 2000);
  new URLSearchParams(location.search).forEach((value, name) => {
    if (/^utm_(source|medium|campaign|term|content)$/.test(name)) input(name).value = value.slice(0, 200);
  });

  function read() {
    const sent = {};
    new FormData(form).forEach((value, name) => {
      if (value === "") return;
      if (form.querySelector(`[name="${name}"][data-many]`)) sent[name] = [...(sent[name] || []), value];
      else sent[name] = value;
    });
    return sent;
  }

  async function renew() {
    const answer = await fetch(address.replace(/submissions$/, "token"));
    if (!answer.ok) throw new Error("no token");
    input("token").value = (await answer.json()).token;
    issued = Date.now();
  }

  async function post() {
    if (!input("token").value) await renew();
    await later(early - (Date.now() - issued));
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": input("lang").value },
      body: JSON.stringify(read()),
    });
    return { status: answer.status, told: await answer.json() };
  }

  function show(place, message) {
    const line = place.querySelector(".salestream-error") || place;
    line.textContent = message;
    line.hidden = !message;
    place.querySelectorAll("input, select, textarea").forEach((each) => {
      if (message) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    });
  }

  function clear() {
    form.querySelectorAll("[data-field]").forEach((place) => show(place, ""));
    show(part("failed"), "");
  }

  function complain(told) {
    const places = (told.errors || []).map((error) => {
      const place = form.querySelector(`[data-field="${CSS.escape(error.field)}"]`);
      show(place || part("failed"), error.message);
      return place;
    });
    if (!places.length) show(part("failed"), told.detail || form.dataset.failed);
    const first = places.find(Boolean);
    if (first) first.querySelector("input, select, textarea").focus();
  }

  function thank(told) {
    if (told.redirect) return location.assign(told.redirect);
    part("fields").hidden = true;
    part("thanks").hidden = false;
    part("thanks").focus();
  }

  const stale = (told) => told.code === "token_used" || (told.errors || []).some((error) => error.field === "token");

  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    clear();
    try {
      let answer = await post();
      if (stale(answer.told)) {
        await renew();
        answer = await post();
      }
      if (answer.status === 202) thank(answer.told);
      else complain(answer.told);
    } catch (fault) {
      show(part("failed"), form.dataset.failed);
    }
    button.disabled = false;
  });
}
