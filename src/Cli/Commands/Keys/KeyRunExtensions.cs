using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Keys;

internal static class KeyRunExtensions
{
    /// <summary>Writes a virtual key as the result of a command.</summary>
    public static void WriteKey(this CommandRun run, VirtualKey key) =>
        run.Results.Write(key, key.Id, console => VirtualKeyView.Write(console, key, run.Now));
}
