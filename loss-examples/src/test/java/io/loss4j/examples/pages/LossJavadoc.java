package io.loss4j.examples.pages;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the Javadoc of a record says, as Markdown.
 *
 * @param paragraphs without formulas; each a line
 * @param formulas the preformatted blocks
 * @param parameters description by component
 */
record LossJavadoc(List<String> paragraphs, List<String> formulas, Map<String, String> parameters) {
    /** Reads the Javadoc of the first type in a source file. */
    static LossJavadoc of(Path source) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            CompilationUnitTree unit = task.parse().iterator().next();
            TreePath type = new TreePath(new TreePath(unit), unit.getTypeDecls().get(0));
            DocCommentTree comment = DocTrees.instance(task).getDocCommentTree(type);
            if (comment == null) {
                throw new IllegalStateException(source + " has no Javadoc");
            }
            return new Reader().read(comment);
        }
    }

    /** The paragraph that opens with some words, without them if they end in a colon; empty if there is none. */
    String paragraph(String opening) {
        for (String paragraph : paragraphs) {
            if (paragraph.startsWith(opening)) {
                return opening.endsWith(":")
                        ? paragraph.substring(opening.length()).strip()
                        : paragraph;
            }
        }
        return "";
    }

    /** Walks over one comment. */
    private static final class Reader {
        private final List<String> paragraphs = new ArrayList<>();
        private final List<String> formulas = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private boolean preformatted;

        LossJavadoc read(DocCommentTree comment) {
            comment.getFullBody().forEach(this::read);
            endParagraph();
            Map<String, String> parameters = new LinkedHashMap<>();
            for (DocTree tag : comment.getBlockTags()) {
                if (tag instanceof ParamTree param && !param.isTypeParameter()) {
                    param.getDescription().forEach(this::read);
                    parameters.put(param.getName().toString(), oneLine());
                    text.setLength(0);
                }
            }
            return new LossJavadoc(List.copyOf(paragraphs), List.copyOf(formulas), parameters);
        }

        private void read(DocTree node) {
            if (node instanceof TextTree plain) {
                text.append(preformatted ? plain.getBody() : escape(plain.getBody()));
            } else if (node instanceof LiteralTree literal) {
                boolean code = literal.getKind() == DocTree.Kind.CODE && !preformatted;
                text.append(code ? "`" : "").append(literal.getBody().getBody()).append(code ? "`" : "");
            } else if (node instanceof LinkTree link) {
                String label = link.getLabel().isEmpty()
                        ? link.getReference().getSignature()
                        : link.getLabel().toString();
                text.append('`')
                        .append(label.replaceFirst("^#", "").replace('#', '.'))
                        .append('`');
            } else if (node instanceof EntityTree entity) {
                text.append('&').append(entity.getName()).append(';');
            } else if (node instanceof StartElementTree start) {
                start(start.getName().toString());
            } else if (node instanceof EndElementTree end) {
                end(end.getName().toString());
            } else {
                throw new IllegalArgumentException("cannot turn into Markdown: " + node.getKind() + " " + node);
            }
        }

        private void start(String element) {
            switch (element) {
                case "p", "li" -> endParagraph();
                case "pre" -> {
                    endParagraph();
                    preformatted = true;
                }
                case "ul", "ol" -> {}
                default -> throw new IllegalArgumentException("cannot turn <" + element + "> into Markdown");
            }
        }

        private void end(String element) {
            if (element.equals("pre")) {
                formulas.add(
                        text.toString().stripTrailing().replaceFirst("^\\n", "").stripIndent());
                text.setLength(0);
                preformatted = false;
            }
        }

        private void endParagraph() {
            String paragraph = oneLine();
            if (!paragraph.isEmpty()) {
                paragraphs.add(paragraph);
            }
            text.setLength(0);
        }

        private String oneLine() {
            return text.toString().strip().replaceAll("\\s+", " ");
        }

        private static String escape(String plain) {
            return plain.replaceAll("([*_<\\[])", "\\\\$1");
        }
    }
}
