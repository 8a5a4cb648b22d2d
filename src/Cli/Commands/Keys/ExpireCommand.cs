using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys expire</c>: expires replaced secrets before their deadline.</summary>
internal static class ExpireCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var secret = new Argument<string?>("secret")
        {
            Description = "The id of a replaced secret (secret_…); all of them without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var yes = CommonOptions.Yes();
        return new Command("expire", "Refuse replaced secrets from now on. The current one keeps working.")
        {
            id, secret, yes,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var secretId = run.Get(secret);
            await run.ConfirmAsync(
                secretId is null ? "Refuse all replaced secrets from now on?" : $"Refuse {secretId} from now on?",
                yes,
                cancellationToken);
            run.WriteKey(await run.CallAsync("Expiring…", client => secretId is null
                ? client.VirtualKeys.ExpireRetiringSecretsAsync(run.Get(id)!, cancellationToken)
                : client.VirtualKeys.ExpireRetiringSecretAsync(run.Get(id)!, secretId, cancellationToken)));
        });
    }
}
