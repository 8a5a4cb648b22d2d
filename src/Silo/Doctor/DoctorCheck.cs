namespace KeysCluster.Silo.Doctor;

/// <summary>One check. It changes nothing.</summary>
/// <param name="name">Its name in the findings, which scripts rely on.</param>
/// <param name="page">The page of the documentation that explains its findings.</param>
internal abstract class DoctorCheck(string name, string page)
{
    public string Name => name;

    /// <summary>Runs the check. It may find several problems, and describe what it has checked.</summary>
    public abstract Task<IReadOnlyList<Finding>> RunAsync(DoctorContext context, CancellationToken cancellationToken);

    public Finding Ok(string message) => new(name, FindingSeverity.Ok, message, null, null, page);

    public Finding Skip(string reason) => new(name, FindingSeverity.Skipped, reason, null, null, page);

    public Finding Warn(string message, string where, string cure) =>
        new(name, FindingSeverity.Warning, message, where, cure, page);

    public Finding Fail(string message, string where, string cure) =>
        new(name, FindingSeverity.Error, message, where, cure, page);
}
