/** Files that the page hands over: made here, kept on the machine. */
export function download(name: string, parts: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The drawing alone, with its title and its source written into it. */
export function standalone(svg: SVGSVGElement, title: string, foot: string): { text: string; width: number; height: number } {
  const width = svg.width.baseVal.value;
  const above = 40;
  const below = 24;
  const height = svg.height.baseVal.value + above + below;
  const ns = "http://www.w3.org/2000/svg";
  const outer = document.createElementNS(ns, "svg");
  outer.setAttribute("xmlns", ns);
  outer.setAttribute("width", String(width));
  outer.setAttribute("height", String(height));
  outer.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const style = getComputedStyle(svg);
  const ground = document.createElementNS(ns, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  const line = (content: string, y: number, size: number): SVGTextElement => {
    const made = document.createElementNS(ns, "text");
    made.setAttribute("x", "8");
    made.setAttribute("y", String(y));
    made.setAttribute("font-size", String(size));
    made.setAttribute("font-family", "system-ui, sans-serif");
    made.setAttribute("fill", style.color);
    made.textContent = content;
    return made;
  };
  const inner = svg.cloneNode(true) as SVGSVGElement;
  inner.querySelectorAll(".cursor").forEach((node) => node.remove());
  inner.setAttribute("y", String(above));
  inner.setAttribute("color", style.color);
  const most = Math.max(20, Math.floor(width / 7.6));
  const cut = title.length > most ? `${title.slice(0, most - 1)}…` : title;
  outer.append(ground, line(cut, 24, 15), inner, line(foot, height - 8, 11));
  return { text: new XMLSerializer().serializeToString(outer), width, height };
}

export function downloadSvg(name: string, svg: SVGSVGElement, title: string, foot: string): void {
  download(`${name}.svg`, [standalone(svg, title, foot).text], "image/svg+xml");
}

export async function downloadPng(name: string, svg: SVGSVGElement, title: string, foot: string): Promise<void> {
  const { text, width, height } = standalone(svg, title, foot);
  const image = new Image();
  const loaded = new Promise<void>((done, failed) => {
    image.onload = () => done();
    image.onerror = () => failed(new Error("the drawing could not be turned into a picture"));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await loaded;
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext("2d")!;
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) download(`${name}.png`, [blob], "image/png");
}
