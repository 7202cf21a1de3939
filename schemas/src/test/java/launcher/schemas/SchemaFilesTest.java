package launcher.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SchemaFilesTest {
  @Test
  void includesAreFoundInFoldersAndInJars() {
    assertEquals("file:/a/c.rnc", SchemaFiles.resolve("file:/a/b.rnc", "c.rnc"));
    assertEquals(
        "jar:file:/l/x.jar!/a/common.rnc",
        SchemaFiles.resolve("jar:file:/l/x.jar!/a/d/b.rnc", "../common.rnc"));
  }
}
