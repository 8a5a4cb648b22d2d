using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Docs;

/// <summary>
/// To update the reference:
/// <c>UPDATE_DOCS=1 dotnet test tests/Cli --filter FullyQualifiedName~CommandReferenceTests</c>.
/// </summary>
public sealed class CommandReferenceTests
{
    [Fact]
    public void The_reference_matches_the_commands() => Snapshot.AssertMatchesFile(
        Path.Combine(Repository.Root, "docs", "cli.md"), CommandReference.Create(), "UPDATE_DOCS");

    [Fact]
    public void Every_command_argument_and_option_has_a_description()
    {
        var root = CommandTree.CreateRoot();
        var symbols = CommandTree.GetAll(root, "").SelectMany(entry => entry.Command.Arguments
            .Concat<Symbol>(entry.Command.Options)
            .Append(entry.Command)
            .Select(symbol => (Path: $"{entry.Name} {symbol.Name}", symbol.Description)));

        Assert.All(
            symbols.Concat(root.Options
                .Where(option => option.Name is not ("--help" or "--version"))
                .Select(option => (option.Name, option.Description))),
            symbol => Assert.True(symbol.Description is [.., '.'], $"{symbol.Item1}: {symbol.Item2}"));
    }

    [Fact]
    public async Task Help_is_shown_for_every_command()
    {
        using var cli = new CommandLine();
        foreach (var (name, command) in CommandTree.GetLeaves())
        {
            var result = (await cli.RunAsync([.. name.Split(' '), "--help"])).Expect(ExitCodes.Success);

            Assert.StartsWith("Description:", result.Output, StringComparison.Ordinal);
            Assert.All(
                command.Options, option => Assert.Contains(option.Name, result.Output, StringComparison.Ordinal));
        }
    }
}
