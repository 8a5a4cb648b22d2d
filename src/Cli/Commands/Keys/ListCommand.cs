using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys list</c>: lists virtual keys.</summary>
internal static class ListCommand
{
    private const int DefaultLimit = 50;

    public static Command Create(CliEnvironment environment)
    {
        var status = CommonOptions.Value<VirtualKeyStatus>("--status", "Keys with this status.");
        var keyEnvironment = CommonOptions.Value<VirtualKeyEnvironment>("--env", "Keys of this environment.");
        var name = new Option<string?>("--name")
        {
            Description = "Keys whose name begins with this.",
            HelpName = "text",
        };
        var user = new Option<string?>("--user") { Description = "Keys of this user.", HelpName = "id" };
        var externalId = new Option<string?>("--external-id")
        {
            Description = "The key with this id in another system.",
            HelpName = "id",
        };
        var expires = CommonOptions.Time("--expires-before", "Keys that expire before", environment.Time);
        var retiring = new Option<bool?>("--retiring")
        {
            Description = "Keys with an old secret that still works, or with 'false' without one.",
            HelpName = "true|false",
        };
        var limit = new Option<int>("--limit")
        {
            Description = $"How many to list; {DefaultLimit} by default, 0 for all.",
            HelpName = "number",
            DefaultValueFactory = _ => DefaultLimit,
        };
        return new Command("list", "List virtual keys, newest first.")
        {
            status, keyEnvironment, name, user, externalId, expires, retiring, limit,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var filter = new VirtualKeyFilter
            {
                Status = run.Get(status),
                Environment = run.Get(keyEnvironment),
                NamePrefix = run.Get(name),
                PrincipalUserId = run.Get(user),
                ExternalId = run.Get(externalId),
                ExpiresBefore = run.Get(expires),
                HasRetiringSecrets = run.Get(retiring),
            };
            var (keys, hasMore) = await run.ListAsync(
                "Reading…", run.Get(limit), client => client.VirtualKeys.ListAsync(filter, cancellationToken));
            run.Results.Write(keys, string.Join('\n', keys.Select(key => key.Id)), console =>
            {
                VirtualKeyView.WriteList(console, keys, run.Now);
                if (hasMore) console.WriteLine($"There are more than {keys.Count}. Pass --limit 0 for all.");
            });
        });
    }
}
