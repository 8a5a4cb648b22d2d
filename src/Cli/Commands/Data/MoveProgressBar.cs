using KeysCluster.Silo.Moves;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Data;

/// <summary>Shows how far a move is.</summary>
internal sealed class MoveProgressBar(ProgressTask task) : IProgress<MoveProgress>
{
    /// <summary>Runs a move, and shows its progress when a person waits for it.</summary>
    public static Task<MoveReport> RunAsync(
        IAnsiConsole console, Func<IProgress<MoveProgress>?, Task<MoveReport>> moveAsync) =>
        console.Profile.Capabilities.Interactive
            ? console.Progress().StartAsync(context => moveAsync(new MoveProgressBar(context.AddTask("Opening"))))
            : moveAsync(null);

    public void Report(MoveProgress value)
    {
        task.Description = Markup.Escape(value.Step);
        task.MaxValue = Math.Max(value.TotalRows, 1);
        task.Value = value.Rows;
    }
}
