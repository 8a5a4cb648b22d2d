using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys events</c>: lists or follows events.</summary>
internal static class EventsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string?>("id")
        {
            Description = "The id of a virtual key; all events of the project without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var type = new Option<string?>("--type")
        {
            Description = "Events of this type, such as virtual_key.rotated.",
            HelpName = "type",
        };
        var actor = new Option<string?>("--actor") { Description = "Events of this actor.", HelpName = "id" };
        var from = CommonOptions.PastTime("--from", "Events from this time on", environment.Time);
        var to = CommonOptions.PastTime("--to", "Events before this time", environment.Time);
        var limit = new Option<int>("--limit")
        {
            Description = "How many of the newest to list, 1 to 200; 20 by default.",
            HelpName = "number",
            DefaultValueFactory = _ => 20,
        };
        var follow = new Option<bool>("--follow", "-f")
        {
            Description = "Print the newest events or those from --from on, oldest first, and then each new one, until "
                + "interrupted.",
        };
        var all = new Option<bool>("--all-projects") { Description = "Events of all projects, with an admin key." };
        return new Command("events", "Show who changed what, newest first.")
        {
            id, type, actor, from, to, limit, follow, all,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var filter = new EventFilter
            {
                VirtualKeyId = run.Get(id),
                Type = run.Get(type),
                Actor = run.Get(actor),
                From = run.Get(from),
                To = run.Get(to),
            };
            if (run.Get(follow))
            {
                await FollowAsync(run, filter, run.Get(limit), run.Get(all), cancellationToken);
                return;
            }

            var page = await run.CallAsync("Reading…", client => client.Events.ListPageAsync(
                filter, null, run.Get(limit), newestFirst: true, run.Get(all), cancellationToken));
            run.Results.Write(
                page.Data,
                string.Join('\n', page.Data.Select(entry => entry.Id)),
                console => WriteList(console, page.Data, run.Now));
        });
    }

    private static async Task FollowAsync(
        CommandRun run, EventFilter filter, int limit, bool isAllProjects, CancellationToken cancellationToken)
    {
        if (filter.From is null)
        {
            var newest = await run.CallAsync("Reading…", client => client.Events.ListPageAsync(
                filter, null, limit, newestFirst: true, isAllProjects, cancellationToken));
            if (newest.Data is [.., var oldest]) filter = filter with { From = oldest.At };
        }

        var events = run.Client.Events.FollowAsync(
            filter, allProjects: isAllProjects, time: run.Environment.Time, cancellationToken: cancellationToken);
        await foreach (var entry in events)
        {
            var time = entry.At.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
            var details = $"{entry.VirtualKeyId} {FormatActor(entry)} {FormatChanges(entry)}".Trim();
            run.Results.WriteLine(
                entry,
                entry.Id,
                console => console.WriteMarkupLine($"[grey]{time}[/] [bold]{entry.Type}[/] {details}"));
        }
    }

    private static void WriteList(IAnsiConsole console, IReadOnlyList<KeyEvent> events, DateTimeOffset now)
    {
        if (events.Count == 0) console.WriteLine("No events.");
        else if (Tables.IsNarrow(console)) WriteLines(console, events, now);
        else WriteTable(console, events, now);
    }

    /// <summary>Two lines for each event, because a type and an id fill the width of a small terminal.</summary>
    private static void WriteLines(IAnsiConsole console, IReadOnlyList<KeyEvent> events, DateTimeOffset now)
    {
        foreach (var entry in events)
        {
            console.WriteMarkupLine($"[bold]{entry.Type}[/] {entry.VirtualKeyId}");
            var details = $"{RelativeTime.Format(entry.At, now)}, {FormatActor(entry)}: {FormatChanges(entry)}";
            console.Write(new Padder(new Text(details.TrimEnd(':', ' '), Color.Grey)).Padding(2, 0, 0, 0));
        }
    }

    private static void WriteTable(IAnsiConsole console, IReadOnlyList<KeyEvent> events, DateTimeOffset now)
    {
        var table = Tables.CreateTable("When", "Type", "Virtual key", "Who", "What changed");
        foreach (var entry in events)
        {
            table.Add(
                RelativeTime.Format(entry.At, now),
                entry.Type.ToMarkup(),
                entry.VirtualKeyId ?? "",
                FormatActor(entry).ToMarkup(),
                FormatChanges(entry).ToMarkup());
        }

        console.Write(table);
    }

    private static string FormatActor(KeyEvent entry) => $"{entry.Actor.Name} {entry.SourceAddress}".Trim();

    /// <summary>Names the fields that changed; at a creation, all of them did.</summary>
    private static string FormatChanges(KeyEvent entry)
    {
        if (entry.Changes is not { ValueKind: JsonValueKind.Object } changes) return "";
        if (entry.Type.EndsWith(".created", StringComparison.Ordinal)) return "";
        var fields = changes.EnumerateObject().Select(change => change.Name.Split('.')[0]).Distinct();
        return string.Join(", ", fields);
    }
}
