using System.ComponentModel;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>
/// The revision of the previous build: that of <c>previous-revision.txt</c>, or of the environment variable
/// <c>KEYS_PREVIOUS_COMMIT</c>.
/// </summary>
internal static class PreviousRevision
{
    private const string Variable = "KEYS_PREVIOUS_COMMIT";

    private static readonly string RelativePath = Path.Combine("tests", "EndToEnd", "Upgrade", "previous-revision.txt");

    /// <summary>Returns the hash of the commit.</summary>
    /// <exception cref="InvalidOperationException">The repository does not contain the revision.</exception>
    public static async Task<string> ResolveAsync()
    {
        var revision = Read();
        try
        {
            var hash = await ProgramRunner.RunSuccessfullyAsync(
                "git", ["rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}"]);
            return hash.Trim();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            throw new InvalidOperationException(
                $"The repository does not contain '{revision}', the revision of the previous build ({RelativePath} or "
                + $"{Variable}). In a shallow clone, run: git fetch --depth 1 origin {revision}",
                exception);
        }
    }

    private static string Read() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } revision
        ? revision
        : File.ReadLines(Path.Combine(Repository.Root, RelativePath))
            .Select(line => line.Trim())
            .First(line => line.Length > 0 && !line.StartsWith('#'));
}
