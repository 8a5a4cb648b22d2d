using System.Text.RegularExpressions;

namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>A source file.</summary>
/// <param name="FilePath">The path of the file.</param>
/// <param name="Namespace">The namespace that it declares.</param>
/// <param name="Code">Its text, without comments and without the content of strings.</param>
internal sealed partial record SourceFile(string FilePath, string Namespace, string Code)
{
    /// <summary>Reads a file; null when it declares no namespace, like a <c>Program.cs</c>.</summary>
    public static SourceFile? Read(string path)
    {
        var code = CommentOrString().Replace(File.ReadAllText(path), match => match.Value[0] == '/' ? "" : "\"\"");
        var declaration = NamespaceDeclaration().Match(code);
        return declaration.Success ? new SourceFile(path, declaration.Groups["name"].Value, code) : null;
    }

    [GeneratedRegex(
        """"
        //[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@"([^"]|"")*"|"([^"\\\n]|\\.)*"|'([^'\\\n]|\\.[^'\n]*)'
        """",
        RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}
