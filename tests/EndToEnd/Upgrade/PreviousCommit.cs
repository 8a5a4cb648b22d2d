using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>The commit before this one, or the one that <c>KEYS_PREVIOUS_COMMIT</c> names.</summary>
internal static class PreviousCommit
{
    private static readonly Lazy<Task<string?>> Hash = new(FindAsync);

    /// <summary>Its hash; null when this is no git repository or its history does not reach back that far.</summary>
    public static Task<string?> GetHashAsync() => Hash.Value;

    private static async Task<string?> FindAsync()
    {
        var commit = Environment.GetEnvironmentVariable("KEYS_PREVIOUS_COMMIT") ?? "HEAD~1";
        try
        {
            var answer = await Cli.Wrap("git")
                .WithArguments(["rev-parse", "--verify", "--quiet", $"{commit}^{{commit}}"])
                .WithWorkingDirectory(Repository.Root)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
            return answer.IsSuccess ? answer.StandardOutput.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git here.
            return null;
        }
    }
}
