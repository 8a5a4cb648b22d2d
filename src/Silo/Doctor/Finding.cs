namespace KeysCluster.Silo.Doctor;

/// <summary>What a check found. It contains no secret.</summary>
/// <param name="Check">The name of the check, such as <c>certificates</c>.</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Message">What is wrong; for <see cref="FindingSeverity.Ok"/>, what was checked.</param>
/// <param name="Where">The setting, file or object that is wrong; null without a problem.</param>
/// <param name="Cure">What to do; null without a problem.</param>
/// <param name="Page">The page of the documentation that explains it, under <c>docs</c>.</param>
public sealed record Finding(
    string Check, FindingSeverity Severity, string Message, string? Where, string? Cure, string Page);
