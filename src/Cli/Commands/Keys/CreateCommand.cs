using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys create</c>: creates a virtual key.</summary>
internal static class CreateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string>("name") { Description = "The name, which need not be unique." };
        var isTest = new Option<bool>("--test") { Description = "Create a key for tests." };
        var user = new Option<string?>("--user") { Description = "The user for whom it is.", HelpName = "id" };
        var members = new KeyMemberOptions(environment.Time);
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var secret = new SecretOption();
        var command = new Command("create", "Create a virtual key, and show its secret once.") { name, isTest, user };
        members.AddTo(command);
        command.Add(idempotencyKey);
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var key = new CreateVirtualKey
            {
                Name = run.Get(name)!,
                Environment = run.Get(isTest) ? VirtualKeyEnvironment.Test : VirtualKeyEnvironment.Live,
                PrincipalUserId = run.Get(user),
                Description = run.Get(members.Description),
                ProviderCredentialIds = run.Get(members.Providers),
                ExpiresAt = run.Get(members.Expires),
                Permissions = run.Get(members.Permissions),
                ExternalId = run.Get(members.ExternalId),
                Metadata = members.GetMetadata(run),
                Config = members.GetConfig(run),
                AllowedIps = run.Get(members.AllowedIps),
            };
            using var destination = secret.Open(run);
            var issued = await run.IssueAsync("Creating…", idempotencyKey, (client, repeatKey) =>
                client.VirtualKeys.CreateAsync(key, repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.VirtualKey,
                issued.VirtualKey.Id,
                issued.Secret,
                issued.IsReplay,
                console => VirtualKeyView.Write(console, issued.VirtualKey, run.Now));
        });
    }
}
