using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Doctor;

/// <summary>What the command <c>doctor</c> of a silo printed about one problem or check.</summary>
internal sealed record DoctorFinding(
    string Check, string Severity, string Message, string? Where, string? Cure, string Page)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public bool IsProblem => Severity is "warning" or "error";

    /// <summary>Runs the command with the settings of a silo as environment variables.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="environment">Additional environment variables.</param>
    public static async Task<(int ExitCode, IReadOnlyList<DoctorFinding> Findings)> RunAsync(
        IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        var variables = settings.Concat(environment ?? new Dictionary<string, string>()).ToDictionary(
            variable => variable.Key.Replace(":", "__", StringComparison.Ordinal),
            string? (variable) => variable.Value);
        var (exitCode, output) = await ProgramRunner.RunAsync(
            "dotnet", [Repository.GetProgramPath("Silo"), "doctor", "--json"], variables, Path.GetTempPath());
        try
        {
            return (exitCode, JsonSerializer.Deserialize<Report>(output, Options)!.Findings);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The command exited with {exitCode}: {output}", exception);
        }
    }

    /// <summary>Asserts that a check has one problem of a severity, and names its cure.</summary>
    /// <param name="result">The exit code and the findings.</param>
    /// <param name="severity">The severity.</param>
    /// <param name="check">The name of the check.</param>
    /// <param name="message">A part of the message.</param>
    /// <param name="cure">A part of the cure.</param>
    public static DoctorFinding AssertFound(
        (int ExitCode, IReadOnlyList<DoctorFinding> Findings) result,
        string severity,
        string check,
        string message,
        string cure)
    {
        var problems = result.Findings.Where(finding => finding.IsProblem).ToList();
        var found = problems.Where(finding =>
            finding.Check == check && finding.Message.Contains(message, StringComparison.Ordinal)).ToList();
        Assert.True(found.Count == 1, string.Join('\n', result.Findings));
        Assert.Equal(severity, found[0].Severity);
        Assert.Contains(cure, found[0].Cure, StringComparison.Ordinal);
        Assert.NotEmpty(found[0].Where!);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", found[0].Page.Split('#')[0])), found[0].Page);
        Assert.Equal(problems.Any(finding => finding.Severity == "error") ? 1 : 8, result.ExitCode);
        return found[0];
    }

    /// <summary>Asserts that no check has a problem.</summary>
    public static void AssertHealthy((int ExitCode, IReadOnlyList<DoctorFinding> Findings) result)
    {
        Assert.DoesNotContain(result.Findings, finding => finding.IsProblem);
        Assert.Equal(0, result.ExitCode);
    }

    private sealed record Report(IReadOnlyList<DoctorFinding> Findings, int Errors, int Warnings);
}
