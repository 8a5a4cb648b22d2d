using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Conventions that no analyzer enforces.</summary>
public sealed partial class RepositoryTests
{
    private const int MaxLineLength = 120;

    private const int MaxReadmeLines = 110;

    private static readonly string[] SourceFolders = ["src/", "tests/", "bench/", "samples/"];

    [Fact]
    public async Task Lines_of_C_sharp_have_at_most_120_columns()
    {
        var tooLong = from file in await GetTrackedFilesAsync("*.cs")
                      where SourceFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
                      from line in ReadLines(file)
                      where line.Text.Length > MaxLineLength
                      select $"{file}:{line.Number}: {line.Text.Length} columns";

        AssertNone(tooLong);
    }

    [Fact]
    public void The_README_has_at_most_110_lines() =>
        Assert.InRange(ReadLines("README.md").Count(), 1, MaxReadmeLines);

    [Fact]
    public async Task Test_classes_have_unique_names()
    {
        var classes = from file in await GetTrackedFilesAsync("tests/*.cs")
                      from line in ReadLines(file)
                      let match = TestClassPattern().Match(line.Text)
                      where match.Success
                      group file by match.Groups["name"].Value into files
                      where files.Distinct().Count() > 1
                      select $"{files.Key}: {string.Join(", ", files.Distinct())}";

        AssertNone(classes);
    }

    [Fact]
    public async Task No_file_refers_to_a_path_outside_the_repository()
    {
        var outside = from file in await GetTrackedFilesAsync()
                      from line in ReadLines(file)
                      from Match match in ParentPathPattern().Matches(line.Text)
                      where !IsInRepository(file, match.Value)
                      select $"{file}:{line.Number}: {match.Value}";

        AssertNone(outside);
    }

    [Theory]
    [InlineData("README.md", "../shared/notes.md", false)]
    [InlineData("docs/api.md", "../deploy/compose.yaml", true)]
    [InlineData("docs/api.md", "../../shared", false)]
    public void A_path_outside_the_repository_is_recognized(string file, string path, bool isInRepository)
    {
        Assert.Equal(path, ParentPathPattern().Match($"see ({path}).").Value);
        Assert.Equal(isInRepository, IsInRepository(file, path));
    }

    /// <summary>Fails with the complete list of violations, which xunit itself would truncate.</summary>
    private static void AssertNone(IEnumerable<string> violations)
    {
        var all = string.Join('\n', violations);
        Assert.True(all.Length == 0, all);
    }

    private static async Task<string[]> GetTrackedFilesAsync(params string[] patterns)
    {
        var output = await ProgramRunner.RunSuccessfullyAsync("git", ["ls-files", "-z", "--", .. patterns]);
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(GetPath(file)))];
    }

    private static IEnumerable<(int Number, string Text)> ReadLines(string file) =>
        File.ReadLines(GetPath(file)).Select((text, index) => (index + 1, text));

    private static string GetPath(string file) => Path.Combine(Repository.Root, file);

    private static bool IsInRepository(string file, string path)
    {
        var target = Path.GetFullPath(path, Path.GetDirectoryName(GetPath(file))!);
        return target.StartsWith(Repository.Root.TrimEnd('/'), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(public|internal) (abstract |sealed |partial )*class (?<name>\w+Tests)\b")]
    private static partial Regex TestClassPattern();

    /// <summary>A relative path that starts with a parent folder.</summary>
    [GeneratedRegex(@"(?<![\w/.)}])(\.\./)+[\w./-]*\w")]
    private static partial Regex ParentPathPattern();
}
