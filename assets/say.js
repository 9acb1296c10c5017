// Reads a part of the page aloud: data-say names it by a selector. A second press stops.
export function say(button) {
  const voice = window.speechSynthesis, part = document.querySelector(button.dataset.say);
  if (!part) return;
  if (voice.speaking) { voice.cancel(); button.removeAttribute("aria-pressed"); return; }
  const words = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " "));
  words.lang = "zh-CN";
  words.rate = 0.85;
  words.voice = voice.getVoices().find((v) => /^zh/i.test(v.lang) && v.localService) || null; // none that asks a far server
  words.onend = words.onerror = () => button.removeAttribute("aria-pressed");
  button.setAttribute("aria-pressed", "true");
  voice.speak(words);
}
