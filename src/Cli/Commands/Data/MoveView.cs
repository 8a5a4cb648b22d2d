using KeysCluster.Silo.Moves;

namespace KeysCluster.Cli.Commands.Data;

/// <summary>What <c>keys move --json</c> prints. The names are a contract.</summary>
internal sealed record MoveView(
    string Outcome,
    string Database,
    string ServiceId,
    IReadOnlyList<TableReport> Tables,
    StateReport? States,
    IReadOnlyList<SettingReport> Settings)
{
    public static MoveView From(MoveReport report) => new(
        report.Outcome switch
        {
            MoveOutcome.Checked => "checked",
            MoveOutcome.Moved => "moved",
            _ => "already_moved",
        },
        report.Database,
        report.ServiceId,
        report.Tables,
        report.States,
        report.Settings);
}
