using KeysCluster.Files;
using KeysCluster.Silo.Embedded;

namespace KeysCluster.Silo.Doctor;

/// <summary>
/// Finds files with secrets that other users of the machine can access, and a data directory that they can write.
/// </summary>
internal sealed class FilesCheck() : DoctorCheck("files", "operations/deployment.md")
{
    public override Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>(
            OperatingSystem.IsWindows() ? [Skip("Windows has no modes of files.")] : Check(context));

    private List<Finding> Check(DoctorContext context)
    {
        var findings = new List<Finding>();
        var secrets = context.Configuration["Hosting:SecretsDirectory"];
        string?[] shared =
        [
            .. Directory.Exists(secrets) ? Directory.GetFiles(secrets) : [],
            context.Options?.Tls.Key, context.Configuration["Api:Tls:Key"],
        ];
        var files = shared.OfType<string>().Select(file => (Path: file, IsGroupReader: true));
        if (context.Options is { IsCluster: false } options && Directory.Exists(options.DataDirectory))
        {
            var folder = Path.GetFullPath(options.DataDirectory);
            files = files.Concat(DataDirectory.GetPrivateFiles(folder).Select(file => (file, false)));
            if (DataDirectory.IsWritableByOthers(folder))
            {
                findings.Add(Fail(
                    "Other users can replace the files of the data directory.", folder, $"Run: chmod o-w '{folder}'"));
            }
        }

        var checkedFiles = files.Where(file => File.Exists(file.Path)).Distinct().ToList();
        foreach (var (path, isGroupReader) in checkedFiles)
        {
            if (SecretFile.FindAcceptedMode(path, isGroupReader) is not { } mode) continue;
            findings.Add(Fail(
                "Other users can access a file with a secret.", path,
                $"Run: chmod {mode} '{path}'. Find out who has read it, and replace the secret if that is unknown."));
        }

        findings.Add(Ok($"Files with secrets: {checkedFiles.Count}."));
        return findings;
    }
}
