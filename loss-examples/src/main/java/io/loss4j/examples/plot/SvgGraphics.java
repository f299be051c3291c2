package io.loss4j.examples.plot;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Draws into an SVG document. Charts are laid out by the fonts of this machine and shown by those of another, where a
 * text may be wider and run into the next one; so every text says how wide it is.
 */
final class SvgGraphics extends SVGGraphics2D {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final int DECIMALS = 2;

    /** Of all texts, in the order in which they are drawn; graphics that were made from this one add to it. */
    private final List<Integer> widths;

    SvgGraphics() {
        super(context(), false);
        widths = new ArrayList<>();
    }

    private SvgGraphics(SvgGraphics parent) {
        super(parent);
        widths = parent.widths;
    }

    private static SVGGeneratorContext context() {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(DECIMALS);
        context.setComment(null);
        return context;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public java.awt.Graphics create() {
        return new SvgGraphics(this);
    }

    @Override
    public void drawString(String text, float x, float y) {
        widths.add(getFontMetrics().stringWidth(text));
        super.drawString(text, x, y);
    }

    void write(Writer out) throws IOException {
        Element root = getRoot();
        NodeList texts = root.getElementsByTagNameNS(NAMESPACE, "text");
        if (texts.getLength() != widths.size()) {
            throw new IllegalStateException(texts.getLength() + " texts drawn, " + widths.size() + " measured");
        }
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            text.setAttribute("textLength", widths.get(i).toString());
            text.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
        root.setAttribute(
                "viewBox",
                String.format(Locale.ROOT, "0 0 %d %d", getSVGCanvasSize().width, getSVGCanvasSize().height));
        stream(root, out, true, false);
    }
}
