using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Silo.Doctor;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Data;

/// <summary><c>keys doctor</c>: checks the installation on the machine of a silo.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var data = DataOptions.DataDirectory();
        var settings = CommonOptions.Many(
            "--set",
            "A setting of the silo, such as Hosting:SecretsDirectory=secrets, in addition to its environment variables "
            + "and appsettings.json in this folder.",
            "name=value");
        return new Command(
            "doctor", "Check the settings, files and database of a silo on its machine, also while it runs.")
        {
            data, settings,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var arguments = (run.Get(settings) ?? []).Select(ToArgument).ToList();

            // Without the option, the configuration decides.
            if (run.Has(data)) arguments.Add($"--Keys:DataDirectory={run.Get(data)!.FullName}");
            var report = await CheckAsync(environment, [.. arguments], cancellationToken);
            run.Results.Write(report, ListProblems(report), console => Write(console, report));
            run.ExitCode = report switch
            {
                { Errors: > 0 } => ExitCodes.Failure,
                { Warnings: > 0 } => ExitCodes.Warnings,
                _ => ExitCodes.Success,
            };
        });
    }

    private static string ToArgument(string setting) => setting.IndexOf('=', StringComparison.Ordinal) > 0
        ? $"--{setting}"
        : throw new CliException($"{setting} is not a setting such as Keys:DataDirectory=data.");

    private static Task<DoctorReport> CheckAsync(
        CliEnvironment environment, string[] arguments, CancellationToken cancellationToken)
    {
        var checking = DoctorRunner.RunAsync(arguments, cancellationToken);
        return environment.Error.Profile.Capabilities.Interactive
            ? environment.Error.Status().StartAsync("Checking…".ToMarkup(), _ => checking)
            : checking;
    }

    private static string ListProblems(DoctorReport report) => string.Join('\n', report.Findings
        .Where(finding => finding.Severity is FindingSeverity.Warning or FindingSeverity.Error)
        .Select(finding => finding.Check)
        .Distinct());

    private static void Write(IAnsiConsole console, DoctorReport report)
    {
        var table = Tables.CreateTable("Check", "Result", "Finding");
        foreach (var finding in report.Findings)
            table.Add(finding.Check, Format(finding.Severity), Describe(finding));
        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Errors: {report.Errors}, warnings: {report.Warnings}."));
    }

    private static string Format(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Ok => "[green]ok[/]",
        FindingSeverity.Warning => "[yellow]warning[/]",
        FindingSeverity.Error => "[red]error[/]",
        _ => "[grey]skipped[/]",
    };

    private static string Describe(Finding finding)
    {
        if (finding is not { Where: { } place, Cure: { } cure }) return finding.Message.ToMarkup();
        return string.Join(
            '\n',
            $"[bold]{finding.Message.ToMarkup()}[/]",
            $"[grey]Where:[/] {place.ToMarkup()}",
            $"[grey]Cure:[/]  {cure.ToMarkup()}",
            $"[grey]Page:[/]  docs/{finding.Page.ToMarkup()}");
    }
}
