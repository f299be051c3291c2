package io.loss4j.examples;

import picocli.CommandLine.IVersionProvider;

/** The version of Loss4J, from the manifest of its jar. */
final class Versions implements IVersionProvider {
    static String loss4j() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"loss4j " + loss4j()};
    }
}
