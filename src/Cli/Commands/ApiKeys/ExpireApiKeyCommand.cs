using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys expire</c>: expires replaced secrets of an API key.</summary>
internal static class ExpireApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var id = ApiKeyOptions.Id();
        var secret = new Argument<string?>("secret")
        {
            Description = "The id of a replaced secret (secret_…); all of them without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var yes = CommonOptions.Yes();
        return new Command("expire", "Refuse replaced secrets from now on.") { id, secret, project, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var secretId = run.Get(secret);
                await run.ConfirmAsync(
                    secretId is null ? "Refuse all replaced secrets from now on?" : $"Refuse {secretId} from now on?",
                    yes,
                    cancellationToken);
                var projectId = await run.FindProjectAsync(project, cancellationToken);
                run.WriteApiKey(await run.CallAsync("Expiring…", client => secretId is null
                    ? client.ApiKeys.ExpireRetiringSecretsAsync(projectId, run.Get(id)!, cancellationToken)
                    : client.ApiKeys.ExpireRetiringSecretAsync(
                        projectId, run.Get(id)!, secretId, cancellationToken)));
            });
    }
}
