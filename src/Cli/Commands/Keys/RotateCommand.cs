using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys rotate</c>: creates a new secret for a virtual key.</summary>
internal static class RotateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var grace = CommonOptions.GracePeriod();
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var yes = CommonOptions.Yes();
        var secret = new SecretOption();
        var command = new Command("rotate", "Create a new secret. The old one works until the end of the grace period.")
        {
            id, grace, idempotencyKey, yes,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Get(grace) == TimeSpan.Zero)
                await run.ConfirmAsync("Refuse the current secret at once?", yes, cancellationToken);
            using var destination = secret.Open(run);
            var issued = await run.IssueAsync("Rotating…", idempotencyKey, (client, repeatKey) =>
                client.VirtualKeys.RotateAsync(run.Get(id)!, run.Get(grace), repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.VirtualKey,
                issued.VirtualKey.Id,
                issued.Secret,
                issued.IsReplay,
                console => VirtualKeyView.Write(console, issued.VirtualKey, run.Now));
        });
    }
}
