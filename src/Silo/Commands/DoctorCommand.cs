using System.Text.Encodings.Web;
using System.Text.Json;
using KeysCluster.Hosting;
using KeysCluster.Silo.Doctor;

namespace KeysCluster.Silo.Commands;

/// <summary>
/// The command <c>doctor [--json]</c>, which checks the installation with the configuration of a silo, beside silos
/// that run, and changes nothing.
/// </summary>
internal static class DoctorCommand
{
    private const string Command = "doctor";
    private const string JsonOption = "--json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Command, ..];

    /// <summary>Runs the command. Arguments such as <c>--Keys:DataDirectory=data</c> are settings.</summary>
    /// <returns>The exit code: that of the report, or 1 if the command failed.</returns>
    public static Task<int> RunAsync(string[] args) => HostRunner.RunAsync(async () =>
    {
        string[] settings = [.. args.Skip(1).Where(argument => argument != JsonOption)];
        var report = await DoctorRunner.RunAsync(settings, CancellationToken.None);
        await Console.Out.WriteLineAsync(
            args.Contains(JsonOption) ? JsonSerializer.Serialize(report, JsonOptions) : Format(report));
        Environment.ExitCode = report.ExitCode;
    });

    private static string Format(DoctorReport report)
    {
        var lines = new List<string>();
        foreach (var finding in report.Findings)
        {
            lines.Add($"{finding.Severity.ToString().ToLowerInvariant(),-8} {finding.Check,-13} {finding.Message}");
            if (finding.Cure is null) continue;
            lines.Add($"         Where: {finding.Where}");
            lines.Add($"         Cure:  {finding.Cure}");
            lines.Add($"         Page:  docs/{finding.Page}");
        }

        lines.Add($"Errors: {report.Errors}, warnings: {report.Warnings}.");
        return string.Join(Environment.NewLine, lines);
    }
}
