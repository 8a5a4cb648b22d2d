using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The claims of <c>SECURITY.md</c> name tests that exist.</summary>
public sealed partial class SecurityPolicyTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "SECURITY.md"));

    /// <summary>The cells of each row of the tables whose last column is the tests.</summary>
    private static readonly List<string[]> Claims = [.. ReadClaims()];

    [Fact]
    public void Every_named_test_exists()
    {
        var classes = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            .SelectMany(file => TestClassPattern().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        var named = Lines.SelectMany(line => TestNamePattern().Matches(line)).Select(match => match.Value).Distinct();

        Assert.Contains(nameof(SecurityPolicyTests), classes);
        Assert.Equal([], named.Where(name => !classes.Contains(name)));
    }

    [Fact]
    public void Every_claim_names_its_tests_or_is_marked_as_open()
    {
        Assert.True(Claims.Count > 60, $"{Claims.Count} claims were found.");
        Assert.Equal([], Claims.Where(cells => !HasTests(cells) && !IsOpen(cells)).Select(cells => cells[0]));
    }

    [Fact]
    public void The_tables_cover_the_ten_risks_and_every_finding()
    {
        var risks = Claims.Select(cells => RiskPattern().Match(cells[0]).Value).Where(risk => risk.Length > 0);
        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"API{number}"), risks);

        Assert.Equal(Enumerable.Range(1, 24).Select(number => $"S{number}"), GetFindings("S"));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"V{number}"), GetFindings("V"));
    }

    /// <summary>Returns the numbers of the findings with a prefix, in the order of the tables.</summary>
    private static IEnumerable<string> GetFindings(string prefix) => Claims
        .Select(cells => FindingPattern().Match(cells[0]).Value)
        .Where(number => number.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<string[]> ReadClaims()
    {
        var isInTable = false;
        foreach (var line in Lines)
        {
            if (!line.StartsWith('|')) isInTable = false;
            else if (line.EndsWith("| Tests |", StringComparison.Ordinal)) isInTable = true;
            else if (isInTable && !line.StartsWith("|---", StringComparison.Ordinal))
                yield return [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];
        }
    }

    private static bool HasTests(string[] cells) => TestNamePattern().IsMatch(cells[^1]);

    /// <summary>A claim without a test says that it is open, or why there is nothing to test.</summary>
    private static bool IsOpen(string[] cells) => cells[1].StartsWith("open", StringComparison.Ordinal)
        || cells[1].StartsWith("ADR", StringComparison.Ordinal)
        || cells[^1].StartsWith("none is needed", StringComparison.Ordinal);

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex TestClassPattern();

    [GeneratedRegex(@"(?<=`)\w+Tests(?=`)")]
    private static partial Regex TestNamePattern();

    [GeneratedRegex(@"^API\d+")]
    private static partial Regex RiskPattern();

    [GeneratedRegex(@"^[SV]\d+(?= )")]
    private static partial Regex FindingPattern();
}
