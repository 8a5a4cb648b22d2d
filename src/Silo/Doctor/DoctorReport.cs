using System.Text.Json.Serialization;

namespace KeysCluster.Silo.Doctor;

/// <summary>The findings of all checks, in the order of the checks.</summary>
/// <param name="Findings">At least one for each check.</param>
public sealed record DoctorReport(IReadOnlyList<Finding> Findings)
{
    /// <summary>The exit code with an error: 1.</summary>
    public const int ErrorExitCode = 1;

    /// <summary>The exit code with warnings only: 8. Other commands use the numbers below it.</summary>
    public const int WarningExitCode = 8;

    /// <summary>The number of errors.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The number of warnings.</summary>
    public int Warnings => Findings.Count(finding => finding.Severity == FindingSeverity.Warning);

    /// <summary>The exit code: 0, <see cref="ErrorExitCode"/> or <see cref="WarningExitCode"/>.</summary>
    [JsonIgnore]
    public int ExitCode => Errors > 0 ? ErrorExitCode : Warnings > 0 ? WarningExitCode : 0;
}
