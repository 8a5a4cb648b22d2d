namespace KeysCluster.Silo.Moves;

/// <summary>How far a move is.</summary>
/// <param name="Step">What is done now, for a person.</param>
/// <param name="Rows">The rows that have been read, copied or checked since the beginning.</param>
/// <param name="TotalRows">The rows at the end.</param>
public sealed record MoveProgress(string Step, long Rows, long TotalRows);
