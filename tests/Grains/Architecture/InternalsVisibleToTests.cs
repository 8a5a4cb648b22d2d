using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>The internals of a project are visible to tests, and to no other project with one exception.</summary>
public sealed partial class InternalsVisibleToTests
{
    /// <summary>Silos validate with the same cache and the same leases as clients.</summary>
    private static readonly (string Project, string Friend) NamedPair =
        ("KeysCluster.Validation", "KeysCluster.Grains");

    /// <summary>Programs of tests and benchmarks whose names do not end in <c>Tests</c>.</summary>
    private static readonly string[] TestPrograms = ["KeysCluster.Benchmarks", "KeysCluster.Cluster.Node"];

    [Fact]
    public void Internals_are_visible_only_to_tests_and_to_one_named_project()
    {
        var friends = GetFriends().ToList();

        Assert.Contains(NamedPair, friends);
        Assert.All(friends, friend => Assert.True(IsAllowed(friend), $"{friend.Project} -> {friend.Friend}"));
    }

    private static bool IsAllowed((string Project, string Friend) friend) =>
        friend == NamedPair
        || friend.Friend.EndsWith(".Tests", StringComparison.Ordinal)
        || TestPrograms.Contains(friend.Friend);

    private static IEnumerable<(string Project, string Friend)> GetFriends() =>
        from project in SourceTree.EnumerateFiles("*.csproj")
        from friend in GetFriends(project)
        select (Path.GetFileNameWithoutExtension(project), friend.Split(',')[0].Trim());

    private static IEnumerable<string> GetFriends(string project)
    {
        var items = XDocument.Load(project).Descendants("InternalsVisibleTo")
            .SelectMany(item => item.Attribute("Include")!.Value.Split(';'));
        var folder = Path.GetDirectoryName(project)! + Path.DirectorySeparatorChar;
        var attributes = SourceTree.EnumerateFiles("*.cs")
            .Where(file => file.StartsWith(folder, StringComparison.Ordinal))
            .SelectMany(file => AssemblyAttribute().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value);
        return items.Concat(attributes);
    }

    [GeneratedRegex("""InternalsVisibleTo(Attribute)?\(\s*"(?<name>[^"]+)""")]
    private static partial Regex AssemblyAttribute();
}
