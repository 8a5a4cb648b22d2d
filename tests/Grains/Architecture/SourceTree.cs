using System.Text.RegularExpressions;

namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>The source files of the product, with the namespaces that they declare and depend on.</summary>
internal sealed partial class SourceTree
{
    private readonly List<SourceFile> _files;
    private readonly HashSet<string> _namespaces;
    private readonly HashSet<(string Namespace, string Type)> _types;

    private SourceTree(List<SourceFile> files)
    {
        _files = files;
        _namespaces = [.. files.Select(file => file.Namespace)];
        _types = [.. files.SelectMany(file => TypeDeclaration().Matches(file.Code)
            .Select(type => (file.Namespace, type.Groups["name"].Value)))];
    }

    /// <summary>The folder <c>src</c> of the repository.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "src");

    public IReadOnlyList<SourceFile> Files => _files;

    public static SourceTree Load() => new([.. EnumerateFiles("*.cs").Select(SourceFile.Read).OfType<SourceFile>()]);

    /// <summary>Returns the files with an extension, without those that a build generates.</summary>
    public static IEnumerable<string> EnumerateFiles(string pattern) =>
        Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories)
            .Where(path => !GeneratedFolder().IsMatch(path));

    /// <summary>
    /// Returns the dependencies between namespaces. A nested namespace is a namespace of its own, which sees the types
    /// of the enclosing ones without an import.
    /// </summary>
    public IEnumerable<NamespaceDependency> GetDependencies() =>
        from file in _files
        from target in GetReferencedNamespaces(file).Distinct()
        where target != file.Namespace
        select new NamespaceDependency(file.Namespace, target, Path.GetRelativePath(Folder, file.FilePath));

    private IEnumerable<string> GetReferencedNamespaces(SourceFile file)
    {
        foreach (Match import in Import().Matches(file.Code))
            if (FindNamespace(import.Groups["name"].Value) is { } imported) yield return imported;

        foreach (Match name in QualifiedName().Matches(file.Code))
            if (FindNamespaceOfType(file.Namespace, name.Value.Split('.')) is { } referenced) yield return referenced;

        foreach (Match name in SimpleName().Matches(file.Code))
            if (FindEnclosingNamespaceOfType(file.Namespace, name.Value) is { } enclosing) yield return enclosing;
    }

    /// <summary>Returns the namespace that an import names, or that contains the type that it names.</summary>
    private string? FindNamespace(string name)
    {
        while (!_namespaces.Contains(name))
        {
            if (name.LastIndexOf('.') is not (> 0 and var end)) return null;
            name = name[..end];
        }

        return name;
    }

    /// <summary>
    /// Returns the namespace of a type that is referenced by its full name, or by a name that is relative to an
    /// enclosing namespace; null when the name does not begin with a namespace and a type in it.
    /// </summary>
    private string? FindNamespaceOfType(string enclosing, string[] segments)
    {
        var prefixes = enclosing.Split('.').Aggregate(
            new List<string> { "" }, (list, segment) => [.. list, $"{list[^1]}{segment}."]);
        foreach (var prefix in Enumerable.Reverse(prefixes))
        {
            for (var length = segments.Length - 1; length > 0; length--)
            {
                var candidate = prefix + string.Join('.', segments[..length]);
                if (_types.Contains((candidate, segments[length]))) return candidate;
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the innermost of the enclosing namespaces that contains a type: C# finds it there without an import.
    /// </summary>
    private string? FindEnclosingNamespaceOfType(string? enclosing, string type)
    {
        while (enclosing is not null && !_types.Contains((enclosing, type)))
            enclosing = enclosing.LastIndexOf('.') is > 0 and var end ? enclosing[..end] : null;
        return enclosing;
    }

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]")]
    private static partial Regex GeneratedFolder();

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+|\w+\s*=\s*)?(?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record(\s+class|\s+struct)?|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex SimpleName();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(\.[A-Z]\w*)+")]
    private static partial Regex QualifiedName();
}
